import type { ReactNode } from "react";
import styles from "./Inspector.module.css";

export type Fact = { name: string; value: ReactNode };

/** Names and what they stand for; those without a value are left out. */
export function Facts({ facts }: { facts: readonly (Fact | undefined)[] }) {
  return (
    <dl className={styles.facts}>
      {facts.flatMap((fact) =>
        fact === undefined
          ? []
          : [
              <dt key={`name of ${fact.name}`}>{fact.name}</dt>,
              <dd key={fact.name} data-selectable>
                {fact.value}
              </dd>,
            ],
      )}
    </dl>
  );
}

/** Texts of a map as facts. */
export function factsOf(map: Readonly<Record<string, string | undefined>>): Fact[] {
  return Object.entries(map).flatMap(([name, value]) =>
    value === undefined ? [] : [{ name, value: <span className={styles.text}>{value}</span> }],
  );
}
