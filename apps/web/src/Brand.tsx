/** The lamp and the name, leading to the clusters. */
import type { ReactElement } from 'react';
import { Link } from 'wouter';
import { useEdges } from './edges.tsx';

/** @param size - of the lamp, in CSS pixels. */
export function Brand({ size }: { size: number }): ReactElement {
  const { basePath } = useEdges();
  return (
    <Link href="/" className="brand">
      <img src={`${basePath}/lamp.svg`} alt="" width={size} height={size} />
      Lamplighter
    </Link>
  );
}
