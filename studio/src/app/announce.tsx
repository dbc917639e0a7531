/** A polite live region: what changed on the page by itself is also said. */
import { createContext, useCallback, useContext, useEffect, useRef, useState, type ReactNode } from 'react';
import { statusView } from '../lib/status';

const AnnounceContext = createContext<(text: string) => void>(() => {});

export function AnnounceProvider({ children }: { children: ReactNode }) {
  const [text, setText] = useState('');
  const announce = useCallback((next: string) => setText(next), []);
  return (
    <AnnounceContext.Provider value={announce}>
      {children}
      <div role="status" aria-live="polite" className="visually-hidden">
        {text}
      </div>
    </AnnounceContext.Provider>
  );
}

export const useAnnounce = () => useContext(AnnounceContext);

/** Says "{what}: Completed" when the status changes after the first time it was seen. */
export function useAnnounceStatus(what: string, status: string | null | undefined): void {
  const announce = useAnnounce();
  const seen = useRef<string | null | undefined>(undefined);
  useEffect(() => {
    if (seen.current && status && seen.current !== status) announce(`${what}: ${statusView(status).label}`);
    seen.current = status;
  }, [announce, what, status]);
}
