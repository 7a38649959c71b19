// One helpdesk in its own process, which does what its parent asks: `growth-child.ts OPTIONS`, in JSON.
import { systemClock } from "../../../src/ports/system-clock.ts";
import { accountAtX, fillPeople, peopleWithX } from "../../kit/helpdesk/fill-people.ts";
import { openStorageAt } from "../../kit/storage/open-storage-at.ts";
import { type LoginTimes, ThinHelpdesk } from "./thin-helpdesk.ts";
import { WholeHelpdesk, writeLetters } from "./whole-helpdesk.ts";

export interface ChildOptions {
	/** The storage. */
	readonly url: string;
	readonly people: number;
	/** How many log-ins of each kind will be measured in all rounds. */
	readonly logins: number;
	/** Whether a process before it has stored the people. */
	readonly isFilled: boolean;
	/** Whether the people are stored as version 0.3.0 did, without an index and counts. */
	readonly isOldShape: boolean;
}

/** The times of new and of returning log-ins, equally many of each. */
export interface Round {
	readonly returning: readonly LoginTimes[];
	readonly new: readonly LoginTimes[];
}

export type Deeds = typeof deeds;

/** What the parent asks for. */
export interface Request<Name extends keyof Deeds = keyof Deeds> {
	readonly deed: Name;
	readonly args: Parameters<Deeds[Name]>;
}

/** As many sign-ins as the ledger holds. */
const SIGN_INS = 20_000;
/** As many letters as the helpdesk keeps. */
const LETTERS = 20_000;

const options = JSON.parse(process.argv[2] ?? "") as ChildOptions;
const { people, logins } = options;
const storage = await openStorageAt(options.url, systemClock);
const known = peopleWithX(people, logins);
const strangers = Array.from({ length: logins }, (_, index) => accountAtX(people + index));
let thin: ThinHelpdesk | undefined;
let whole: WholeHelpdesk | undefined;

const deeds = {
	fill: async (): Promise<void> => {
		if (!options.isFilled) {
			const { isOldShape } = options;
			const now = systemClock.now();
			await fillPeople(storage, { people, now, signIns: SIGN_INS, isOldShape });
			await writeLetters(storage, LETTERS);
		}
	},
	round: async (count: number): Promise<Round> => {
		thin ??= await ThinHelpdesk.open(storage, [...known, ...strangers]);
		const times = { returning: [] as LoginTimes[], new: [] as LoginTimes[] };
		for (let each = 0; each < count; each += 1) {
			const old = known[Math.floor(Math.random() * known.length)];
			const stranger = strangers.pop();
			if (old === undefined || stranger === undefined) {
				throw new Error("nobody is left to log in");
			}
			times.returning.push(await thin.logIn(old, "signed-in"));
			times.new.push(await thin.logIn(stranger, "signed-up"));
		}
		return times;
	},
	open: async (fakeXUrl: string) => {
		whole ??= await WholeHelpdesk.open(storage, fakeXUrl);
		return whole.opened;
	},
	costs: async () => opened().costs(),
	startJob: async (...job: Parameters<WholeHelpdesk["startJob"]>) => opened().startJob(...job),
	stageLinks: async (rows: number) => opened().stageLinks(people, rows),
	job: async (id: string) => opened().job(id),
	cancel: async (id: string) => opened().cancel(id),
};

function opened(): WholeHelpdesk {
	if (whole === undefined) {
		throw new Error("the helpdesk is not open yet");
	}
	return whole;
}

async function answer({ deed, args }: Request): Promise<void> {
	try {
		const act = deeds[deed] as (...args: unknown[]) => Promise<unknown>;
		process.send?.({ answer: await act(...args) });
	} catch (error) {
		process.send?.({ problem: error instanceof Error ? error.message : String(error) });
	}
}

process.on("message", (request: Request) => {
	void answer(request);
});
process.on("disconnect", () => {
	process.exit();
});
