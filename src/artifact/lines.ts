/** @returns a function from an index in the text to its line, counted from 1. */
export function linesOf(text: string): (index: number) => number {
	let starts: number[] | undefined;
	return (index) => {
		starts ??= [...text.matchAll(/\n/g)].map((match) => match.index + 1);
		let [low, high] = [0, starts.length];
		while (low < high) {
			const middle = (low + high) >>> 1;
			if ((starts[middle] ?? 0) <= index) {
				low = middle + 1;
			} else {
				high = middle;
			}
		}
		return low + 1;
	};
}
