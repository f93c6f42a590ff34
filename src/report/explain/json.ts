import type { Topic } from './topics.ts';

const SCHEMA_VERSION = 1;

/** What is known of a finding or a check, as the object that `explain --json` prints on a line: see `schema/explain.json`. */
export const explainJson = (topic: Topic): object =>
  topic.kind === 'finding'
    ? {
        schemaVersion: SCHEMA_VERSION,
        command: 'explain',
        kind: topic.kind,
        code: topic.code,
        group: topic.group,
        title: topic.entry.title,
        severity: topic.entry.severity,
        explanation: topic.entry.explanation,
        consequence: topic.entry.consequence,
        remedy: topic.entry.remedy,
        source: topic.source,
        versions: topic.example?.versions ?? [],
        example:
          topic.example === undefined
            ? null
            : { about: topic.example.about, path: topic.example.path, bytes: topic.example.bytes },
        related: topic.related,
      }
    : {
        schemaVersion: SCHEMA_VERSION,
        command: 'explain',
        kind: topic.kind,
        code: topic.code,
        group: topic.group,
        title: topic.check.title,
        explanation: topic.check.explanation,
        remedy: topic.check.remedy,
        visibility: topic.check.visibility,
        exits: topic.exits.map(({ number, where, versions, unseen }) => ({
          number,
          where,
          versions: versions ?? null,
          unseen: unseen ?? null,
        })),
        related: topic.related,
      };
