import { expect, test } from "vitest";
import type { LoginResponse } from "../../src/contract/login-response.ts";
import { noteConfirmed } from "../../src/routes/confirmed-by-hook.ts";
import { eventually } from "../kit/eventually.ts";
import { ACORN, DeskVisitor, HARBOR, ScriptedDesk } from "../kit/routes/scripted-desk.ts";

const CALLBACK = new URL(ACORN.callbackUrl).pathname;
const EMAIL = "ada@example.com";

/** Comes back from the provider. The plugin answers with this response. */
async function comeBack(desk: ScriptedDesk, response: LoginResponse): Promise<Response> {
	desk.answer = async () => response;
	return new DeskVisitor(desk).request(CALLBACK);
}

const placeOf = (answer: Response) => [answer.status, answer.headers.get("location")];

test.each(["signed-in", "signed-up", "linked", "complete-profile"] as const)(
	"%s logs the user in and leads on",
	async (kind) => {
		const desk = new ScriptedDesk();
		const { id, accessEpoch } = desk.users.add({ brandId: "acorn", email: EMAIL });
		const answer = await comeBack(desk, { kind, userId: id, accessEpoch, returnPath: "/a?b=1" });

		expect(placeOf(answer)).toEqual([303, "/a?b=1"]);
		expect(desk.current?.id).toBe(id);
		expect(answer.headers.get("referrer-policy")).toBe("no-referrer");
	},
);

test("a user who links an account keeps their session, and so their older proof", async () => {
	const desk = new ScriptedDesk();
	const { id } = desk.users.add({ brandId: "acorn", email: EMAIL });
	desk.current = { id, provenAt: 0 };
	await comeBack(desk, { kind: "linked", userId: id, returnPath: "/" });

	expect(desk.current).toEqual({ id, provenAt: 0 });
});

test.each([
	["who is deleted", "nobody", "0"],
	["who is suspended", "suspended", "1"],
	["who awaits approval", "waiting", "0"],
	["of another brand", "foreign", "0"],
	["whose access epoch has passed", "ada", "0"],
])("a user %s is not logged in, and nobody stays logged in", async (_, name, accessEpoch) => {
	const desk = new ScriptedDesk();
	const add = (brandId: string, email: string) => desk.users.add({ brandId, email }).id;
	const ids: Record<string, string> = {
		ada: add("acorn", EMAIL),
		suspended: add("acorn", "s@example.com"),
		waiting: add("acorn", "w@example.com"),
		foreign: add("harbor", "f@example.com"),
	};
	desk.users.change(ids["suspended"] ?? "", { status: "suspended" });
	desk.users.change(ids["waiting"] ?? "", { status: "awaiting-approval" });
	desk.users.endSessions(ids["ada"] ?? "");
	desk.current = { id: "grace", provenAt: 0 };
	desk.answer = async () => ({
		kind: "signed-in",
		userId: ids[name] ?? name,
		accessEpoch,
		returnPath: "/a?b=1",
	});
	const visitor = new DeskVisitor(desk);
	visitor.cookies.set("__Host-other.acorn.browser", "of a log-in in another tab");
	const answer = await visitor.request(CALLBACK);

	expect(placeOf(answer)).toEqual([303, "/login?returnTo=%2Fa%3Fb%3D1"]);
	expect(desk.current).toBeUndefined();
	expect([...visitor.cookies]).toEqual([]);
});

test("an incomplete user is logged in and gives the details that are missing first", async () => {
	const desk = new ScriptedDesk({ profilePath: (_, to) => `/profile?to=${to}` });
	const { id } = desk.users.add({ brandId: "acorn", email: EMAIL, status: "incomplete" });
	const answer = await comeBack(desk, { kind: "complete-profile", userId: id, returnPath: "/a" });

	expect([placeOf(answer), desk.current?.id]).toEqual([[303, "/profile?to=/a"], id]);
});

test("a visitor proves who they are: where they log in, or where a user confirms it", async () => {
	const desk = new ScriptedDesk({
		logInPath: ({ id }, to) => `/log-in/${id}?to=${to}`,
		confirmPath: (_, to) => `/confirm?to=${to}`,
	});
	const ask = () => comeBack(desk, { kind: "reauthenticate", returnPath: "/a" });
	const stranger = await ask();
	desk.current = { id: "ada", provenAt: 0 };

	expect(placeOf(stranger)).toEqual([303, "/log-in/acorn?to=/a"]);
	expect(placeOf(await ask())).toEqual([303, "/confirm?to=/a"]);
});

test("a link that was removed while the plugin worked logs nobody in, unless the hook itself proved the account", async () => {
	const asked: number[] = [];
	const isLinkGood = (_: unknown, readAt: number) => asked.push(readAt) < 0;
	const desk = new ScriptedDesk({ isLinkGood, clock: { now: () => 42 } }, (each) => [
		each.plugin("probe", { listLinkedAccounts: async () => [] }),
	]);
	const { id } = desk.users.add({ brandId: "acorn", email: EMAIL });
	const response = { kind: "signed-in", userId: id, returnPath: "/" } as const;
	await comeBack(desk, response);
	const read = desk.current;
	desk.answer = async () => {
		noteConfirmed(id);
		return response;
	};
	await new DeskVisitor(desk).request(CALLBACK);

	expect([read, asked, desk.current?.id]).toEqual([undefined, [42], id]);
});

test("a plugin gets its own cookies of the brand back, and log-out deletes those of all plugins", async () => {
	const desk = new ScriptedDesk();
	const visitor = new DeskVisitor(desk);
	const cookies = [{ name: "browser", value: "a.B-3_", maxAgeSeconds: 600 }];
	desk.answer = async () => ({ kind: "redirect", location: "/", cookies });
	const answer = await visitor.request(CALLBACK);
	for (const name of ["other.acorn.browser", "probe.harbor.browser"]) {
		visitor.cookies.set(`__Host-${name}`, "1");
	}
	await visitor.request(CALLBACK);
	const gone = await desk.routes.forgetCookies(visitor.requestTo("/logout"));

	expect(answer.headers.getSetCookie()).toEqual([
		"__Host-probe.acorn.browser=a.B-3_; Max-Age=600; Path=/; HttpOnly; Secure; SameSite=Lax",
	]);
	expect(desk.requests.at(-1)?.cookies).toEqual({ browser: "a.B-3_" });
	expect(gone.map((line) => line.slice(0, line.indexOf("; Path")))).toEqual([
		"__Host-probe.acorn.browser=; Max-Age=0",
		"__Host-other.acorn.browser=; Max-Age=0",
		"__Host-probe.harbor.browser=; Max-Age=0",
	]);
});

test("the work after an answer runs once, after the answer, and its error is reported", async () => {
	const desk = new ScriptedDesk();
	let calls = 0;
	const error = new Error("canary");
	const afterwards = async () => {
		calls += 1;
		throw error;
	};
	const response = { kind: "redirect", location: "/", afterwards } as const;
	await comeBack(desk, response);
	const before = calls;
	await eventually(() => expect(desk.reports).toEqual([["probe", "handleCallback", error]]));

	expect([before, calls]).toEqual([0, 1]);
});

test("a platform that stops when it has answered runs the work itself", async () => {
	const given: (() => Promise<void>)[] = [];
	const desk = new ScriptedDesk({ runAfter: (_, work) => void given.push(work) });
	const afterwards = () => Promise.reject(new Error("canary"));
	await comeBack(desk, { kind: "redirect", location: "/", afterwards });
	const before = desk.reports.length;
	await given[0]?.();

	expect([before, given.length, desk.reports.length]).toEqual([0, 1, 1]);
});

test("the buttons of several plugins are in their order, with one field, without those of a plugin that fails", async () => {
	const desk = new ScriptedDesk({}, (each) => [
		each.plugin("longer-name"),
		each.plugin("short"),
		each.plugin("broken", {
			renderLoginButtons: () => Promise.reject(new Error("canary")),
		}),
	]);
	const page = { page: "login", returnPath: "/" } as const;
	const { buttons, cookies } = await desk.routes.buttons(
		new DeskVisitor(desk, HARBOR.baseUrl).requestTo("/login"),
		page,
	);

	expect(buttons.map(({ id }) => id)).toEqual(["short", "longer-name"]);
	expect(cookies).toHaveLength(1);
	const [, token = ""] = /^__Host-login-form\.harbor=(\w+);/.exec(cookies[0] ?? "") ?? [];
	for (const { html, fields } of buttons) {
		expect(html).toContain(`<input type="hidden" name="login_form" value="${token}"></form>`);
		expect(fields).toMatchObject({ login_form: token });
	}
	expect(desk.reports).toMatchObject([["broken", "renderLoginButtons", { message: "canary" }]]);
	expect(desk.routes.formTargets()).toEqual([
		"https://longer-name.example",
		"https://short.example",
		"https://broken.example",
	]);
});
