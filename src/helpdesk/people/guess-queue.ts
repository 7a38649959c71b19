/** How many guesses are checked at once. Hardly more than there are workers, so that the next one can be chosen late. */
const CHECKED_AT_ONCE = 2;
/** How many guesses of each kind are checked or wait. At three hashes a second, the last one waits for four seconds. */
const PLACES = { known: 4, unknown: 8 } as const;
/** How many of the places of each kind one visitor's site may hold. */
const SHARE = 3;

/** Where a guess comes from. */
export interface GuessOrigin {
	/** The part of the internet that belongs to the visitor. */
	readonly site: string;
	/** `known`: a browser in which the owner of the account was logged in before. */
	readonly browser: keyof typeof PLACES;
}

/** A place in the queue. Give it back in any case. */
export interface QueuePlace {
	/** Waits until the guess may be checked. */
	turn(): Promise<void>;
	leave(): void;
}

interface Holder extends GuessOrigin {
	/** Begins the check; undefined unless the guess waits for it. */
	begin: (() => void) | undefined;
	isChecked: boolean;
}

/**
 * The guesses that wait for a worker. The queue is short, and fair: a flood from one site leaves room for others, and a
 * flood from many sites leaves room for known browsers, whose guesses are checked before the ones that came earlier.
 */
export class GuessQueue {
	/** In the order in which they came. */
	private readonly holders = new Set<Holder>();

	/** @param share the most places of each kind for one site. Left out: three. */
	constructor(private readonly share = SHARE) {}

	/** @returns undefined when there is no place. */
	take(origin: GuessOrigin): QueuePlace | undefined {
		const alike = [...this.holders].filter(({ browser }) => browser === origin.browser);
		const ofSite = alike.filter(({ site }) => site === origin.site);
		if (alike.length >= PLACES[origin.browser] || ofSite.length >= this.share) {
			return undefined;
		}
		const holder: Holder = { ...origin, begin: undefined, isChecked: false };
		this.holders.add(holder);
		return {
			turn: () =>
				new Promise((resolve) => {
					holder.begin = resolve;
					this.beginNext();
				}),
			leave: () => {
				this.holders.delete(holder);
				this.beginNext();
			},
		};
	}

	private beginNext(): void {
		const holders = [...this.holders];
		const waiting = holders.filter(({ begin }) => begin !== undefined);
		const next = waiting.find(({ browser }) => browser === "known") ?? waiting[0];
		const checked = holders.filter(({ isChecked }) => isChecked);
		if (next === undefined || checked.length >= CHECKED_AT_ONCE) {
			return;
		}
		next.isChecked = true;
		next.begin?.();
		next.begin = undefined;
	}
}
