import assert from "node:assert/strict";
import type { LoginResponse } from "../../../contract/login-response.ts";
import { formsIn } from "../../forms-in.ts";
import { elementsNamed, textOf } from "../../html-page.ts";
import type { ProbedHost } from "../opened-host.ts";
import {
	callbackPath,
	currentUserOf,
	eventually,
	type PortalPromises,
	pressAndGet,
} from "../portal-promise.ts";
import type { Answer, PortalVisitor } from "../portal-visitor.ts";
import { PROBE_NAVIGATION } from "../probe.ts";

const SENTENCE = "The probe's own “markup”";
const PAGE = { status: 422, title: "A title & more", html: `<p>${SENTENCE}</p>` };

/** Opens the callback. The plugin answers with this response. */
async function comeBackAndGet(
	opened: ProbedHost,
	visitor: PortalVisitor,
	response: LoginResponse,
): Promise<Answer> {
	opened.probe.answer("handleCallback", async () => response);
	return visitor.request(`${callbackPath(opened)}?code=canary`);
}

/** The decoded texts of elements: a helpdesk may write the same text with other entities. */
function textsOf(html: string, tagName: string): string[] {
	return elementsNamed(html, tagName).map(textOf);
}

function assertPrivate({ headers }: Answer): void {
	assert.match(headers.get("cache-control") ?? "", /no-store/);
	assert.equal(headers.get("referrer-policy"), "no-referrer");
}

export const ANSWER_PROMISES: PortalPromises = {
	"A redirect to the portal or to a declared address is a 303": async (opener) => {
		const opened = await opener.openEnabled();
		const visitor = opened.newVisitor();
		const away = `${PROBE_NAVIGATION}/authorize?a=1&b=%20`;

		for (const location of [away, "/somewhere?a=1"]) {
			const answer = await pressAndGet(opened, visitor, { kind: "redirect", location });
			assert.deepEqual([answer.status, answer.location], [303, location]);
		}
	},

	"A redirect is hidden from caches and from other sites": async (opener) => {
		const opened = await opener.openEnabled();
		const location = `${PROBE_NAVIGATION}/authorize?token=canary`;

		assertPrivate(await pressAndGet(opened, opened.newVisitor(), { kind: "redirect", location }));
	},

	"A redirect to any other address is refused": async (opener) => {
		const opened = await opener.openEnabled();
		const visitor = opened.newVisitor();
		const { host } = new URL(PROBE_NAVIGATION);

		for (const location of [
			"https://evil.example/",
			"//evil.example/",
			"/\\evil.example/",
			`https://${host}@evil.example/`,
			`https://${host}.evil.example/`,
			`https://${host}:444/`,
			`http://${host}/`,
			"javascript:alert(1)",
		]) {
			const answer = await pressAndGet(opened, visitor, { kind: "redirect", location });
			assert.equal(answer.location, undefined, location);
			assert.ok(answer.status >= 400, `${location}: ${answer.status}`);
		}
	},

	"A page of the plugin has the helpdesk's layout and the plugin's status": async (opener) => {
		const opened = await opener.openEnabled();
		const { status, html } = await comeBackAndGet(opened, opened.newVisitor(), {
			kind: "page",
			page: PAGE,
		});

		assert.equal(status, 422);
		assert.match(html, /<html\b/i);
		assert.ok(textsOf(html, "title").some((title) => title.includes(PAGE.title)));
		assert.ok(textsOf(html, "p").includes(SENTENCE));
	},

	"A page of the plugin is hidden from caches and from other sites": async (opener) => {
		const opened = await opener.openEnabled();

		for (const kind of ["page", "refused", "cancelled"] as const) {
			const end = { kind, code: "probe", traceCode: "PROBE", page: PAGE };
			assertPrivate(await comeBackAndGet(opened, opened.newVisitor(), end));
		}
	},

	"Every form of a plugin's page gets the CSRF field": async (opener) => {
		const opened = await opener.openEnabled();
		const { probe, brand } = opened;
		const visitor = opened.newVisitor();
		const form = (name: string) =>
			`<form method="post" action="${brand.continuePath}"><input name="${name}" value="1"></form>`;
		const html = form("first") + form("second");
		const page = await comeBackAndGet(opened, visitor, { kind: "page", page: { ...PAGE, html } });
		for (const name of ["first", "second"]) {
			await visitor.submit(page, name, {});
		}

		const sent = probe.callsOf("continueLogin").map(([{ method }]) => method);
		assert.deepEqual(sent, ["POST", "POST"]);
		assert.equal(
			formsIn(page.html).filter(({ action }) => action === brand.continuePath).length,
			2,
		);
	},

	"The content security policy lets forms lead where the manifest says": async (
		opener,
		{ registerPath },
	) => {
		const opened = await opener.openEnabled();
		const visitor = opened.newVisitor();
		const pages = [
			await visitor.open(opened.brand.loginPath),
			await visitor.open(registerPath),
			await comeBackAndGet(opened, visitor, { kind: "page", page: PAGE }),
		];

		for (const { headers, path } of pages) {
			const [, targets] =
				/form-action ([^;]*)/.exec(headers.get("content-security-policy") ?? "") ?? [];
			if (targets !== undefined) {
				assert.ok(targets.includes("'self'"), path);
				assert.ok(targets.includes(PROBE_NAVIGATION), `${path}: ${targets}`);
			}
		}
	},

	"A refused or cancelled log-in shows the plugin's page and logs nobody in": async (opener) => {
		const opened = await opener.openEnabled();
		const visitor = opened.newVisitor();

		for (const kind of ["refused", "cancelled"] as const) {
			const end = { kind, code: "probe", traceCode: "PROBE", page: PAGE };
			const { status, html } = await comeBackAndGet(opened, visitor, end);
			assert.equal(status, PAGE.status);
			assert.ok(textsOf(html, "p").includes(SENTENCE));
		}
		assert.equal(await currentUserOf(opened, visitor), undefined);
	},

	"A hook that rejects leads to the helpdesk's own error page": async (opener) => {
		const opened = await opener.openEnabled();
		const visitor = opened.newVisitor();
		for (const hook of ["startLogin", "handleCallback", "continueLogin"] as const) {
			opened.probe.answer(hook, async () => {
				throw new Error("canary-of-a-bug");
			});
		}
		const answers = [
			await visitor.pressButton(),
			await visitor.request(callbackPath(opened)),
			await visitor.openContinue(),
		];

		for (const { status, html, path } of answers) {
			assert.ok(status >= 500, `${path} answers ${status}`);
			assert.match(html, /<html\b/i);
			assert.doesNotMatch(html, /canary-of-a-bug|\bat .*\.(ts|js|mjs):\d+/);
		}
	},

	"The log has the error that a hook rejects with": async (opener) => {
		const opened = await opener.openEnabled();
		opened.probe.answer("handleCallback", async () => {
			throw new Error("canary-of-a-bug");
		});
		await opened.newVisitor().request(callbackPath(opened));

		assert.ok(opened.helpdesk.log().join("\n").includes("canary-of-a-bug"));
	},

	"The helpdesk calls afterwards once and does not keep the visitor waiting": async (opener) => {
		const opened = await opener.openEnabled();
		const { probe, brand } = opened;
		let calls = 0;
		let isAnswered = false;
		let late: unknown;
		const afterwards = async (): Promise<void> => {
			calls += 1;
			await eventually(() => isAnswered, "the visitor waits for afterwards").catch(
				(error: unknown) => {
					late = error;
				},
			);
		};
		probe.answer("handleCallback", async () => ({ kind: "redirect", location: "/", afterwards }));
		await opened.newVisitor().request(callbackPath(opened));
		isAnswered = true;
		await eventually(() => calls > 0, "afterwards was not called");
		await opened.newVisitor().request(brand.continuePath);

		assert.equal(late, undefined);
		assert.equal(calls, 1);
	},

	"The log has the error that afterwards rejects with": async (opener) => {
		const opened = await opener.openEnabled();
		const afterwards = async (): Promise<void> => {
			throw new Error("canary-of-what-follows");
		};
		await comeBackAndGet(opened, opened.newVisitor(), {
			kind: "redirect",
			location: "/",
			afterwards,
		});

		const { helpdesk } = opened;
		await eventually(
			() => helpdesk.log().join("\n").includes("canary-of-what-follows"),
			"the log does not have the error of afterwards",
		);
	},
};
