/** A package of the marketplace that is newer than what is installed. */
export interface AddOnUpdate {
	readonly addOn: string;
	readonly version: string;
}

const VERSION = /^(\d{1,6})\.(\d{1,6})\.(\d{1,6})\.zip$/;

/**
 * The newest package of each add-on that is newer than the installed one, as the names of files say it: `x-login-0.4.0.zip`.
 * Nothing is read but the names, so that a page can ask each time.
 */
export function updatesOf(
	installed: readonly { readonly id: string; readonly name: string; readonly version: string }[],
	fileNames: readonly string[],
): readonly AddOnUpdate[] {
	return installed.flatMap(({ id, name, version }): AddOnUpdate[] => {
		const known = numbersOf(`${version}.zip`);
		const offered = fileNames
			.filter((file) => file.startsWith(`${id}-`))
			.flatMap((file) => {
				const numbers = numbersOf(file.slice(id.length + 1));
				return numbers === undefined ? [] : [numbers];
			})
			.sort(compared);
		const newest = offered.at(-1);
		return known !== undefined && newest !== undefined && compared(newest, known) > 0
			? [{ addOn: name, version: newest.join(".") }]
			: [];
	});
}

function numbersOf(text: string): readonly number[] | undefined {
	return VERSION.exec(text)?.slice(1).map(Number);
}

function compared(one: readonly number[], other: readonly number[]): number {
	const index = one.findIndex((number, at) => number !== other[at]);
	return index === -1 ? 0 : (one[index] ?? 0) - (other[index] ?? 0);
}
