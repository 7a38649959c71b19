/** A number with its noun. @param what the singular of a noun whose plural ends with s. */
export function counted(count: number, what: string): string {
	return `${count} ${what}${count === 1 ? "" : "s"}`;
}
