// Fills one helpdesk in its own process, and times log-ins whenever its parent asks:
// `growth-child.ts STORAGE-URL PEOPLE LOG-INS`.
import { systemClock } from "../../../src/ports/system-clock.ts";
import { openStorageAt } from "../../kit/storage/open-storage-at.ts";
import { accountAtX, fillHelpdesk } from "./fill-helpdesk.ts";
import { type LoginTimes, ThinHelpdesk } from "./thin-helpdesk.ts";

/** The times of new and of returning log-ins, equally many of each. */
export interface Round {
	readonly returning: readonly LoginTimes[];
	readonly new: readonly LoginTimes[];
}

const [url = "", people = "", logins = ""] = process.argv.slice(2);
const storage = await openStorageAt(url, systemClock);
const known = await fillHelpdesk(storage, Number(people), Number(logins));
const strangers = Array.from({ length: Number(logins) }, (_, index) =>
	accountAtX(Number(people) + index),
);
const helpdesk = await ThinHelpdesk.open(storage, [...known, ...strangers]);

process.on("message", (count: number) => {
	void round(count).then((times) => process.send?.(times));
});
process.on("disconnect", () => {
	process.exit();
});
process.send?.("filled");

async function round(count: number): Promise<Round> {
	const times = { returning: [] as LoginTimes[], new: [] as LoginTimes[] };
	for (let each = 0; each < count; each += 1) {
		const old = known[Math.floor(Math.random() * known.length)];
		const stranger = strangers.pop();
		if (old === undefined || stranger === undefined) {
			throw new Error("nobody is left to log in");
		}
		times.returning.push(await helpdesk.logIn(old, "signed-in"));
		times.new.push(await helpdesk.logIn(stranger, "signed-up"));
	}
	return times;
}
