import { CodeBlock } from '../components/CodeBlock';

/** What a 401 shows. It loads nothing more. */
export function SessionEnded() {
  return (
    <main style={{ maxWidth: 560, margin: '18vh auto', padding: 24 }}>
      <h1 style={{ fontSize: 26, lineHeight: '34px' }}>This session has ended.</h1>
      <p>
        Run <code>atelier open</code> (or <code>./atelier status</code>) for a new link.
      </p>
      <CodeBlock code="./atelier status" />
    </main>
  );
}
