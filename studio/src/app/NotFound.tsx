import { AppLink } from '../components/AppLink';
import { Page } from '../components/Page';

export default function NotFound() {
  return (
    <Page title="No such page">
      <p>
        This address leads nowhere in the studio. Start again from <AppLink to="/">Home</AppLink>.
      </p>
    </Page>
  );
}
