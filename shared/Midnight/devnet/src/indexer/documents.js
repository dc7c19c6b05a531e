import { parse, specifiedRules, validate } from 'graphql';
import { sizeLimit } from './limits.js';

/** Wallets ask the same few questions again and again; a stranger's many must not fill the memory. */
const MOST = 200;
/** Longer ones are rare and would cost more memory than they save time. */
const LONGEST = 8192;

/**
 * Parses and validates each text of a subscription once, since both cost more than answering it.
 * @returns {{ parse: typeof parse, validate: typeof validate }}
 */
export function rememberedDocuments() {
  /** @type {Map<string, import('graphql').DocumentNode>} */
  const documents = new Map();
  /** @type {WeakMap<import('graphql').DocumentNode, readonly import('graphql').GraphQLError[]>} */
  const errors = new WeakMap();
  return {
    parse(source, options) {
      if (typeof source !== 'string' || source.length > LONGEST) return parse(source, options);
      const known = documents.get(source);
      if (known) return known;
      const document = parse(source, options);
      if (documents.size >= MOST) documents.clear();
      documents.set(source, document);
      return document;
    },
    validate(schema, document) {
      const known = errors.get(document);
      if (known) return known;
      const found = validate(schema, document, [...specifiedRules, sizeLimit]);
      errors.set(document, found);
      return found;
    },
  };
}
