// A request to the administration that fails before anybody looks whose it is.
import { expect, test } from "vitest";
import { type HostStorage, StorageError } from "../../../../src/contract/storage.ts";
import { localeFor } from "../../../../src/helpdesk/locale/locale.ts";
import { MemoryStorage } from "../../../../src/storage/memory-storage.ts";
import { MockClock } from "../../../../src/testing/mock-host/mock-clock.ts";
import { helpdeskOptions } from "../../../kit/helpdesk/open-helpdesk.ts";
import { openSites } from "../../../kit/helpdesk/open-sites.ts";

const LOG_IN = "/admin/login";
const UPLOAD = "/admin/settings/general/add-ons/upload";
const GERMAN = localeFor("de", "en");

/** A visitor of the log-in page of the administration who has chosen German there, at a portal in English. */
async function openInGerman() {
	const clock = new MockClock();
	const memory = new MemoryStorage(clock);
	let isAway = false;
	const unlessAway = async <Result>(call: () => Promise<Result>): Promise<Result> => {
		if (isAway) {
			throw new StorageError("the storage is away");
		}
		return call();
	};
	const storage: HostStorage = {
		get: (key) => unlessAway(() => memory.get(key)),
		take: (key) => unlessAway(() => memory.take(key)),
		commit: (commit) => unlessAway(() => memory.commit(commit)),
		list: (prefix, options) => unlessAway(() => memory.list(prefix, options)),
	};
	const sites = openSites(await helpdeskOptions({ clock, storage }));
	const visitor = sites.visitor();
	await visitor.open(`${sites.url}${LOG_IN}`);
	await visitor.submit("/admin/language", { language: "de" });
	const post = (path: string, body: string) =>
		visitor.open(`${sites.url}${path}`, {
			method: "POST",
			headers: { "content-type": "application/x-www-form-urlencoded" },
			body,
		});
	return {
		post,
		takeStorage: () => {
			isAway = true;
		},
	};
}

test.each([LOG_IN, UPLOAD, "/admin/nowhere"])(
	"a form to %s that is too large is refused by the administration, in the reader's language",
	async (path) => {
		const { post } = await openInGerman();
		const { status, html } = await post(path, "x".repeat(70_000));
		expect(status).toBe(413);
		expect(html).toContain('<html lang="de"');
		expect(html).toContain(`<h1>${GERMAN.text("error.too-large.title")}</h1>`);
		expect(html).toContain(GERMAN.text("frame.site"));
		expect(html).toContain('href="/admin"');
		expect(html).not.toContain("Acorn");
	},
);

test("a file that comes while the storage is away is refused by the administration, in the reader's language", async () => {
	const { post, takeStorage } = await openInGerman();
	takeStorage();
	const { status, html } = await post(UPLOAD, "a=b");
	expect(status).toBe(503);
	expect(html).toContain(`<h1>${GERMAN.text("error.unavailable.title")}</h1>`);
	expect(html).toContain(GERMAN.text("frame.site"));
	expect(html).not.toContain("Acorn");
});
