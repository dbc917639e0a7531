/** The frame: skip link, header, navigation, main. */
import {
  Button,
  makeStyles,
  Menu,
  MenuItemRadio,
  MenuList,
  MenuPopover,
  MenuTrigger,
  mergeClasses,
  Text,
  tokens,
  Tooltip,
} from '@fluentui/react-components';
import {
  BoxFilled,
  BoxRegular,
  CalendarClockFilled,
  CalendarClockRegular,
  ChevronDownRegular,
  DatabaseFilled,
  DatabaseRegular,
  FlowchartFilled,
  FlowchartRegular,
  HomeFilled,
  HomeRegular,
  LayerFilled,
  LayerRegular,
  NavigationRegular,
  BeakerFilled,
  BeakerRegular,
  PlugConnectedFilled,
  PlugConnectedRegular,
  ServerFilled,
  ServerRegular,
  SettingsFilled,
  SettingsRegular,
  WeatherMoonRegular,
  WeatherSunnyRegular,
  DesktopRegular,
} from '@fluentui/react-icons';
import { useEffect, useRef, useState, type ReactElement, type ReactNode } from 'react';
import { NavLink, useLocation } from 'react-router-dom';
import { wsPath } from '../api/arm';
import { useMode, type Choice } from '../theme/mode';
import { useCurrent } from './workspace';

interface Item {
  to: string;
  label: string;
  icon: ReactElement;
  active: ReactElement;
}

const HOME: Item = { to: '/', label: 'Home', icon: <HomeRegular />, active: <HomeFilled /> };
const ASSETS: Item[] = [
  { to: '/data', label: 'Data', icon: <DatabaseRegular />, active: <DatabaseFilled /> },
  { to: '/environments', label: 'Environments', icon: <LayerRegular />, active: <LayerFilled /> },
  { to: '/jobs', label: 'Jobs', icon: <BeakerRegular />, active: <BeakerFilled /> },
  { to: '/pipelines', label: 'Pipelines', icon: <FlowchartRegular />, active: <FlowchartFilled /> },
  { to: '/schedules', label: 'Schedules', icon: <CalendarClockRegular />, active: <CalendarClockFilled /> },
  { to: '/models', label: 'Models', icon: <BoxRegular />, active: <BoxFilled /> },
  { to: '/endpoints', label: 'Endpoints', icon: <PlugConnectedRegular />, active: <PlugConnectedFilled /> },
];
const MANAGE: Item[] = [
  { to: '/compute', label: 'Compute', icon: <ServerRegular />, active: <ServerFilled /> },
  { to: '/settings', label: 'Settings', icon: <SettingsRegular />, active: <SettingsFilled /> },
];

const useStyles = makeStyles({
  root: {
    display: 'grid',
    gridTemplateRows: '52px minmax(0, 1fr)',
    gridTemplateColumns: 'auto minmax(0, 1fr)',
    height: '100vh',
    backgroundColor: tokens.colorNeutralBackground2,
  },
  header: {
    gridColumn: '1 / -1',
    display: 'flex',
    alignItems: 'center',
    gap: '10px',
    padding: '0 14px',
    color: '#fff',
    backgroundImage: 'linear-gradient(90deg, #0F1433 0%, #1A2877 62%, #394BBB 100%)',
  },
  onInk: {
    color: '#fff',
    ':hover': { color: '#fff', backgroundColor: 'rgba(255,255,255,0.14)' },
    ':hover:active': { color: '#fff', backgroundColor: 'rgba(255,255,255,0.22)' },
  },
  brand: {
    display: 'flex',
    alignItems: 'center',
    gap: '10px',
    fontWeight: 600,
    fontSize: '16px',
    color: '#fff',
    textDecorationLine: 'none',
    letterSpacing: '0.01em',
    marginRight: '6px',
  },
  divider: { width: '1px', height: '22px', backgroundColor: 'rgba(255,255,255,0.28)' },
  spacer: { flexGrow: 1 },
  nav: {
    width: '216px',
    overflowY: 'auto',
    padding: '12px 8px',
    boxSizing: 'border-box',
    backgroundColor: tokens.colorNeutralBackground1,
    borderRight: `1px solid ${tokens.colorNeutralStroke2}`,
    display: 'flex',
    flexDirection: 'column',
    gap: '2px',
  },
  narrow: { width: '60px' },
  group: {
    fontSize: tokens.fontSizeBase200,
    fontWeight: 600,
    color: tokens.colorNeutralForeground2,
    padding: '14px 12px 4px',
    margin: 0,
  },
  rule: { height: '1px', margin: '10px 8px', backgroundColor: tokens.colorNeutralStroke2 },
  item: {
    display: 'flex',
    alignItems: 'center',
    gap: '12px',
    height: '38px',
    padding: '0 12px',
    borderRadius: tokens.borderRadiusMedium,
    position: 'relative',
    color: tokens.colorNeutralForeground1,
    textDecorationLine: 'none',
    fontSize: tokens.fontSizeBase300,
    ':hover': { backgroundColor: tokens.colorNeutralBackground1Hover },
    ':focus-visible': { outline: `2px solid ${tokens.colorStrokeFocus2}`, outlineOffset: '-2px' },
  },
  current: {
    backgroundColor: tokens.colorBrandBackground2,
    fontWeight: 600,
    '::before': {
      content: '""',
      position: 'absolute',
      left: '2px',
      top: '9px',
      bottom: '9px',
      width: '3px',
      borderRadius: '2px',
      backgroundColor: tokens.colorBrandForeground1,
    },
  },
  itemIcon: { display: 'inline-flex', fontSize: '20px', flexShrink: 0 },
  currentIcon: { color: tokens.colorBrandForeground1 },
  main: { overflow: 'auto', minWidth: 0 },
  user: {
    fontSize: tokens.fontSizeBase200,
    opacity: 0.92,
    overflow: 'hidden',
    textOverflow: 'ellipsis',
    whiteSpace: 'nowrap',
    maxWidth: '180px',
  },
});

export function Shell({ children }: { children: ReactNode }) {
  const styles = useStyles();
  const { me, ws, choose } = useCurrent();
  const [narrow, setNarrow] = useState(() => window.innerWidth < 1180);
  const main = useRef<HTMLElement>(null);
  const { pathname } = useLocation();
  const section = pathname.split('/')[1];
  useEffect(() => {
    main.current?.scrollTo?.(0, 0);
  }, [section, pathname]);

  const item = (i: Item) => (
    <NavLink
      key={i.to}
      to={i.to}
      end={i.to === '/'}
      className={({ isActive }) => mergeClasses(styles.item, isActive && styles.current)}
      {...(narrow ? { title: i.label, 'aria-label': i.label } : {})}
    >
      {({ isActive }) => (
        <>
          <span aria-hidden="true" className={mergeClasses(styles.itemIcon, isActive && styles.currentIcon)}>
            {isActive ? i.active : i.icon}
          </span>
          {!narrow && i.label}
        </>
      )}
    </NavLink>
  );

  return (
    <div className={styles.root}>
      <a className="skip-link" href="#main" onClick={(e) => (e.preventDefault(), main.current?.focus())}>
        Skip to the content
      </a>
      <header className={styles.header}>
        <Tooltip content={narrow ? 'Widen the navigation' : 'Narrow the navigation'} relationship="label">
          <Button
            appearance="transparent"
            className={styles.onInk}
            icon={<NavigationRegular />}
            aria-expanded={!narrow}
            onClick={() => setNarrow(!narrow)}
          />
        </Tooltip>
        <NavLink to="/" className={styles.brand}>
          <Logo />
          Atelier
        </NavLink>
        <span className={styles.divider} />
        {me.workspaces.length > 1 ? (
          <Menu checkedValues={{ ws: [wsPath(ws)] }}>
            <MenuTrigger disableButtonEnhancement>
              <Button
                appearance="transparent"
                className={styles.onInk}
                icon={<ChevronDownRegular />}
                iconPosition="after"
              >
                {ws.name}
              </Button>
            </MenuTrigger>
            <MenuPopover>
              <MenuList>
                {me.workspaces.map((w) => (
                  <MenuItemRadio key={wsPath(w)} name="ws" value={wsPath(w)} onClick={() => choose(w)}>
                    {w.name} ({w.resourceGroup})
                  </MenuItemRadio>
                ))}
              </MenuList>
            </MenuPopover>
          </Menu>
        ) : (
          <Text style={{ color: '#fff' }} title={wsPath(ws)}>
            {ws.name}
          </Text>
        )}
        <span className={styles.spacer} />
        <span className={styles.user} title={`Signed in as ${me.user}`}>
          {me.user}
        </span>
        <ThemeMenu />
      </header>
      <nav className={mergeClasses(styles.nav, narrow && styles.narrow)} aria-label="Studio">
        {item(HOME)}
        {narrow ? <div className={styles.rule} /> : <p className={styles.group}>Assets</p>}
        {ASSETS.map(item)}
        {narrow ? <div className={styles.rule} /> : <p className={styles.group}>Manage</p>}
        {MANAGE.map(item)}
      </nav>
      <main id="main" ref={main} tabIndex={-1} className={styles.main}>
        {children}
      </main>
    </div>
  );
}

function ThemeMenu() {
  const styles = useStyles();
  const { choice, dark, setChoice } = useMode();
  return (
    <Menu
      checkedValues={{ theme: [choice] }}
      onCheckedValueChange={(_, d) => setChoice((d.checkedItems[0] ?? 'system') as Choice)}
    >
      <MenuTrigger disableButtonEnhancement>
        <Tooltip content="Theme" relationship="label">
          <Button
            appearance="transparent"
            className={styles.onInk}
            icon={dark ? <WeatherMoonRegular /> : <WeatherSunnyRegular />}
          />
        </Tooltip>
      </MenuTrigger>
      <MenuPopover>
        <MenuList>
          <MenuItemRadio name="theme" value="system" icon={<DesktopRegular />}>
            System
          </MenuItemRadio>
          <MenuItemRadio name="theme" value="light" icon={<WeatherSunnyRegular />}>
            Light
          </MenuItemRadio>
          <MenuItemRadio name="theme" value="dark" icon={<WeatherMoonRegular />}>
            Dark
          </MenuItemRadio>
        </MenuList>
      </MenuPopover>
    </Menu>
  );
}

function Logo() {
  return (
    <svg width="26" height="26" viewBox="0 0 32 32" aria-hidden="true">
      <rect width="32" height="32" rx="7" fill="#ffffff" fillOpacity="0.14" />
      <path
        d="M8 24 16 7l8 17"
        fill="none"
        stroke="#fff"
        strokeWidth="3"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
      <circle cx="16" cy="19" r="3" fill="#FFB454" />
    </svg>
  );
}
