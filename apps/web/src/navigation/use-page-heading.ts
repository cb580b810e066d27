/** Tells everyone that a page changed: the document's title for the eye, the focus for the ear. */
import { type RefObject, useEffect, useRef } from 'react';

/** Names the document and moves the focus to the page's heading. Give the returned ref to the `h1` with `tabIndex={-1}`. */
export function usePageHeading(title: string): RefObject<HTMLHeadingElement | null> {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = title === '' ? 'Lamplighter' : `${title} · Lamplighter`;
    heading.current?.focus({ preventScroll: true });
  }, [title]);
  return heading;
}
