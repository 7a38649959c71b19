/** How many guesses of each kind are checked or wait at once. At three hashes a second, the last one waits for four seconds. */
const PLACES = { known: 4, unknown: 8 } as const;
/** How many of these places one visitor's site may hold. */
const SHARE = 3;

/** A guess that is about to be checked. */
export interface PlaceHolder {
	/** The part of the internet that the visitor comes from. */
	readonly site: string;
	/** A browser in which the owner of the account was logged in before, or any other one. */
	readonly browser: keyof typeof PLACES;
}

/**
 * Keeps the queue for the workers that hash passwords short, and shares it: a flood of guesses from one site leaves room
 * for others, and a flood from many sites leaves room for browsers in which the owner was logged in before.
 */
export class GuessPlaces {
	private readonly holders = new Set<PlaceHolder>();

	/** @param share the most places of one site; left out: three of each kind. */
	constructor(private readonly share = SHARE) {}

	/** @returns a function that gives the place back; undefined when there is none. */
	take(holder: PlaceHolder): (() => void) | undefined {
		const alike = [...this.holders].filter(({ browser }) => browser === holder.browser);
		const ofSite = alike.filter(({ site }) => site === holder.site);
		if (alike.length >= PLACES[holder.browser] || ofSite.length >= this.share) {
			return undefined;
		}
		this.holders.add(holder);
		return () => this.holders.delete(holder);
	}
}
