import { expect, test } from "vitest";
import type { HostStorage, StorageKey } from "../../../src/contract/storage.ts";
import { MemoryStorage } from "../../../src/storage/memory-storage.ts";
import { MockClock } from "../../../src/testing/mock-host/mock-clock.ts";
import { openHelpdesk, setUpX } from "../../kit/helpdesk/open-helpdesk.ts";
import { visitorThroughX } from "../../kit/openid/open-desk.ts";

/** A storage that notes each operation on what the OpenID Provider keeps. */
class NotingStorage implements HostStorage {
	readonly noted: string[] = [];

	constructor(private readonly inner: HostStorage) {}

	get: HostStorage["get"] = (key) => {
		this.note("get", [key]);
		return this.inner.get(key);
	};

	take: HostStorage["take"] = (key) => {
		this.note("take", [key]);
		return this.inner.take(key);
	};

	list: HostStorage["list"] = (prefix, options) => {
		this.note("list", [prefix]);
		return this.inner.list(prefix, options);
	};

	commit: HostStorage["commit"] = (commit) => {
		const { sets = [], deletes = [] } = commit;
		this.note("commit", [...sets.map(({ key }) => key), ...deletes]);
		return this.inner.commit(commit);
	};

	private note(operation: string, keys: readonly StorageKey[]): void {
		for (const [first, ...others] of keys) {
			if (first === "openid") {
				this.noted.push([operation, ...others.slice(0, 3)].join(" "));
			}
		}
	}
}

test("an ordinary log-in costs no storage operation for connected helpdesks, and its log-out one read", async () => {
	const clock = new MockClock();
	const storage = new NotingStorage(new MemoryStorage(clock));
	const open = await openHelpdesk({ clock, storage });
	await setUpX(open);
	await expect.poll(() => storage.noted).toContain("list log-outs");
	storage.noted.length = 0;

	const visitor = await visitorThroughX(open, "1");
	expect(storage.noted).toEqual([]);

	await visitor.open(`${open.portal}/`);
	await visitor.submit("/logout");
	expect(storage.noted).toEqual(["list records acorn of-portal"]);
});
