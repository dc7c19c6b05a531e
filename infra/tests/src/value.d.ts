import type { Instance, Runtime } from './values.js';

/** What an expression evaluates to; JSDoc cannot declare a type that holds itself. */
export type Value = string | number | boolean | null | Runtime | Instance | Lambda | Value[] | { [key: string]: Value };

/** A lambda of Bicep. */
export type Lambda = (...args: Value[]) => Value;
