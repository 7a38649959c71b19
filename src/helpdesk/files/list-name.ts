import type { Message } from "../locale/locale.ts";

/** What a list is called that was pasted, in the storage and in files that programs read. */
export const PASTED_LIST = "the pasted list";

/** The name of a list, for readers of any language. */
export function listName(name: string): Message | string {
	return name === PASTED_LIST ? { key: "links.import.pasted-name" } : name;
}
