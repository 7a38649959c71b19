import type { FakeXAccount } from "../../src/testing/fake-x/fake-x-options.ts";

/** People at X who have not been at the helpdesk yet, as many as a run needs. */
export class Newcomers {
	readonly accounts: readonly FakeXAccount[];
	/** The number of people who have come. */
	come = 0;
	private readonly waiting: FakeXAccount[];
	private readonly waitingWithoutEmail: FakeXAccount[];

	constructor(count: { readonly withEmail: number; readonly withoutEmail: number }) {
		this.waiting = Array.from({ length: count.withEmail }, (_, index) => {
			const screenName = `a${index}`;
			const email = `${screenName}@x.example`;
			return { id: `${1_000_000 + index}`, screenName, name: `Ada ${index}`, email };
		});
		this.waitingWithoutEmail = Array.from({ length: count.withoutEmail }, (_, index) => ({
			id: `${9_000_000_000 + index}`,
			screenName: `n${index}`,
			name: `Nomail ${index}`,
		}));
		this.accounts = [...this.waiting, ...this.waitingWithoutEmail];
	}

	withEmail(): FakeXAccount {
		return this.next(this.waiting);
	}

	withoutEmail(): FakeXAccount {
		return this.next(this.waitingWithoutEmail);
	}

	private next(waiting: FakeXAccount[]): FakeXAccount {
		const account = waiting.pop();
		if (account === undefined) {
			throw new Error("the run needs more people than were created");
		}
		this.come += 1;
		return account;
	}
}
