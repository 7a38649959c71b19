// A browser opens its tabs again, and several helpdesks ask for the same user at once.
import { expect, onTestFinished, test } from "vitest";
import type { HostStorage, StorageKey } from "../../../src/contract/storage.ts";
import { consentsOf } from "../../../src/helpdesk/namespaces.ts";
import { CLAIMS_OF_SCOPES } from "../../../src/helpdesk/openid/claims.ts";
import { Consents } from "../../../src/helpdesk/openid/consents.ts";
import { startHelpdesk } from "../../../src/helpdesk/start-helpdesk.ts";
import { systemClock } from "../../../src/ports/system-clock.ts";
import { MemoryStorage } from "../../../src/storage/memory-storage.ts";
import { namespaced } from "../../../src/storage/namespaced-storage.ts";
import { helpdeskOptions } from "../../kit/helpdesk/open-helpdesk.ts";
import { connectHelpdesk, REDIRECT_URI } from "../../kit/openid/connect-helpdesk.ts";
import {
	type Desk,
	expectTold,
	logInAtHelpdesk,
	openDesk,
	visitorThroughX,
} from "../../kit/openid/open-desk.ts";
import { RelyingParty } from "../../kit/openid/relying-party.ts";
import { Tabs } from "../../kit/openid/tabs.ts";

/** A storage whose next answer about a session comes late. */
function slowStorage() {
	const memory = new MemoryStorage(systemClock);
	let next: { readonly reached: () => void; readonly released: Promise<void> } | undefined;
	const storage: HostStorage = {
		get: async (key: StorageKey) => {
			const entry = await memory.get(key);
			const held = key.includes("Session") ? next : undefined;
			if (held !== undefined) {
				next = undefined;
				held.reached();
				await held.released;
			}
			return entry;
		},
		take: (key) => memory.take(key),
		list: (prefix, options) => memory.list(prefix, options),
		commit: (commit) => memory.commit(commit),
	};
	const holdNext = () => {
		let release = () => {};
		const released = new Promise<void>((resolve) => {
			release = resolve;
		});
		const reached = new Promise<void>((resolve) => {
			next = { reached: resolve, released };
		});
		return { reached, release };
	};
	return { storage, holdNext };
}

/** One more connected helpdesk, which the user has agreed to. */
async function oneMore(open: Desk, name: string, userId: string): Promise<RelyingParty> {
	const client = await connectHelpdesk(open, { name, backChannelLogoutUri: open.channel.uri });
	const consents = new Consents(namespaced(open.storage, consentsOf("acorn")), open.clock);
	const hosts = [new URL(REDIRECT_URI).host];
	const claims = Object.values(CLAIMS_OF_SCOPES).flat();
	await consents.give(userId, client.clientId, { claims, hosts });
	return RelyingParty.at(open.issuer, client);
}

async function openTabs() {
	const { storage, holdNext } = slowStorage();
	const open = await openDesk({ storage });
	const visitor = await visitorThroughX(open, "1");
	const first = await logInAtHelpdesk(visitor, open);
	const quick = await oneMore(open, "Quick", first.sub);
	const slow = await oneMore(open, "Slow", first.sub);
	return { open, visitor, first, quick, slow, holdNext, tabs: new Tabs(visitor) };
}

async function logOut(visitor: Awaited<ReturnType<typeof visitorThroughX>>, tabs: Tabs, at: Desk) {
	tabs.giveTo(visitor);
	await visitor.open(`${at.portal}/account`);
	await visitor.submit("/logout");
}

test.each([["the same node"], ["another node"]])(
	"a helpdesk that was opened while another one was opened slowly at %s hears of the log-out, as all do",
	async (where) => {
		const { open, visitor, first, quick, slow, holdNext, tabs } = await openTabs();
		const baseUrls = new Map([["acorn", open.portal]]);
		const other = await startHelpdesk(await helpdeskOptions({ ...open.options, baseUrls }));
		onTestFinished(() => other.close());
		const node = where === "another node" ? (other.listening[0] ?? "") : open.portal;
		const [atQuick, atSlow] = [await quick.begin(), await slow.begin()];
		// The tab of the slow one has read the session when the other tab goes all the way.
		const resumed = await tabs.step(await tabs.step(atSlow.url));
		const { reached, release } = holdNext();
		const answered = tabs.step(resumed.replace(open.portal, node));
		await reached;
		const tokens = await quick.redeem(await tabs.follow(atQuick.url, REDIRECT_URI), atQuick);
		release();
		const later = await slow.redeem(await answered, atSlow);

		expect(await quick.userInfo(tokens.access_token, first.sub)).toMatchObject({ sub: first.sub });
		expect(await slow.userInfo(later.access_token, first.sub)).toMatchObject({ sub: first.sub });
		await logOut(visitor, tabs, open);
		await expectTold(open, first.sid, tokens.claims()?.["sid"], later.claims()?.["sid"]);
	},
);

test("a helpdesk that was opened while another one asked without a page hears of the log-out", async () => {
	const { open, visitor, first, quick, holdNext, tabs } = await openTabs();
	const atQuick = await quick.begin();
	const { reached, release } = holdNext();
	const asked = tabs.step((await open.party.begin({ prompt: "none" })).url);
	await reached;
	const tokens = await quick.redeem(await tabs.follow(atQuick.url, REDIRECT_URI), atQuick);
	release();
	expect(await asked).toContain(`${REDIRECT_URI}?code=`);

	expect(await quick.userInfo(tokens.access_token, first.sub)).toMatchObject({ sub: first.sub });
	await logOut(visitor, tabs, open);
	await expectTold(open, first.sid, tokens.claims()?.["sid"]);
});
