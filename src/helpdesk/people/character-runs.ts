/** The letters of keyboards as they lie next to each other: English, German and French; and the row above with Shift. */
const KEYBOARD_ROWS = [
	"qwertyuiop",
	"qwertzuiop",
	"azertyuiop",
	"asdfghjkl",
	"qsdfghjklm",
	"zxcvbnm",
	"yxcvbnm",
	"wxcvbn",
	"!@#$%^&*()",
];

const MAX_RUNS = 3;
const MIN_RUN = 3;

/** How far it is from one character to another; NaN where that has no answer. */
type Distance = (from: string, to: string) => number;

const DISTANCES: readonly Distance[] = [
	distanceInUnicode,
	distanceOfDigits,
	...KEYBOARD_ROWS.map(distanceInRow),
];

/**
 * Whether a text is nothing but up to three runs of three characters on average, such as `987654321`, `abcd1234` or
 * `123abc456`. In a run, each character is the one after, the one before or the same as the last one: in the alphabet, in
 * the digits, where 0 follows 9, or in a row of the keyboard. Lists of common passwords leave such texts out, because
 * programs that guess passwords count them up.
 *
 * @param text in lower case.
 */
export function isMadeOfRuns(text: string): boolean {
	const characters = [...text];
	const most = Math.min(MAX_RUNS, Math.floor(characters.length / MIN_RUN));
	let end = 0;
	for (let runs = 0; runs < most && end < characters.length; runs += 1) {
		// The longest run first gives the fewest runs, because a part of a run is a run.
		const start = end;
		end += Math.max(...DISTANCES.map((distance) => runLength(characters.slice(start), distance)));
	}
	return most > 0 && end === characters.length;
}

function runLength(characters: readonly string[], distance: Distance): number {
	const distances = characters
		.slice(1)
		.map((each, index) => distance(characters[index] ?? "", each));
	const [step = Number.NaN] = distances;
	if (!(Math.abs(step) <= 1)) {
		return 1;
	}
	const other = distances.findIndex((each) => each !== step);
	return other === -1 ? characters.length : other + 1;
}

function distanceInUnicode(from: string, to: string): number {
	return (to.codePointAt(0) ?? Number.NaN) - (from.codePointAt(0) ?? Number.NaN);
}

function distanceOfDigits(from: string, to: string): number {
	const isOther = [from, to].some((each) => each < "0" || each > "9");
	// 1 from 9 to 0, and -1 back.
	return isOther ? Number.NaN : ((Number(to) - Number(from) + 15) % 10) - 5;
}

function distanceInRow(row: string): Distance {
	return (from, to) =>
		row.includes(from) && row.includes(to) ? row.indexOf(to) - row.indexOf(from) : Number.NaN;
}
