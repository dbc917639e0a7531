/** Light, dark or the system's choice; kept in localStorage. */
import { FluentProvider } from '@fluentui/react-components';
import { createContext, useContext, useEffect, useMemo, useState, useSyncExternalStore, type ReactNode } from 'react';
import { darkTheme, lightTheme } from './theme';

export type Choice = 'system' | 'light' | 'dark';

interface Mode {
  choice: Choice;
  /** What is shown now. */
  dark: boolean;
  setChoice(choice: Choice): void;
}

const KEY = 'atelier.theme';
const ModeContext = createContext<Mode>({ choice: 'system', dark: false, setChoice: () => {} });

const query = () => window.matchMedia('(prefers-color-scheme: dark)');

function subscribe(changed: () => void): () => void {
  const media = query();
  media.addEventListener('change', changed);
  return () => media.removeEventListener('change', changed);
}

function stored(): Choice {
  try {
    const value = localStorage.getItem(KEY);
    return value === 'light' || value === 'dark' ? value : 'system';
  } catch {
    return 'system';
  }
}

export function ThemeProvider({ children }: { children: ReactNode }) {
  const [choice, setStored] = useState<Choice>(stored);
  const systemDark = useSyncExternalStore(subscribe, () => query().matches);
  const dark = choice === 'system' ? systemDark : choice === 'dark';
  useEffect(() => {
    document.documentElement.style.colorScheme = dark ? 'dark' : 'light';
    document.documentElement.dataset.theme = dark ? 'dark' : 'light';
  }, [dark]);
  const mode = useMemo<Mode>(
    () => ({
      choice,
      dark,
      setChoice(next) {
        setStored(next);
        try {
          localStorage.setItem(KEY, next);
        } catch {
          // A browser that keeps nothing still shows the choice until the page closes.
        }
      },
    }),
    [choice, dark],
  );
  return (
    <ModeContext.Provider value={mode}>
      <FluentProvider theme={dark ? darkTheme : lightTheme} style={{ minHeight: '100vh' }}>
        {children}
      </FluentProvider>
    </ModeContext.Provider>
  );
}

export const useMode = (): Mode => useContext(ModeContext);
