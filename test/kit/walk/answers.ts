import type { Page } from "playwright-core";
import { logInToAdministration } from "../browser/set-up-x.ts";
import { codeOf, keyIn } from "../helpdesk/authenticator-app.ts";
import type { Ready } from "../helpdesk/start-helpdesk.ts";
import { type Camera, seenBy } from "./camera.ts";

/** What an operator presses and fills in. */
function handsOf(page: Page, { admin }: Ready) {
	const main = page.locator("main");
	return {
		open: (path: string) => page.goto(`${admin}${path}`),
		press: async (name: string | RegExp) => {
			const button = main.getByRole("button", { name, exact: true }).first();
			await Promise.all([page.waitForEvent("load"), button.click()]);
		},
		fill: (label: string, value: string) => main.getByLabel(label, { exact: true }).fill(value),
	};
}

/** Does what leaves pages behind that links lead to, and takes the answers to forms. */
export async function takeAnswers(camera: Camera, operator: Page, ready: Ready): Promise<void> {
	const { open, press, fill } = handsOf(operator, ready);
	const take = async (name: string) => camera.takeAnswer(`admin.${name}`, await seenBy(operator));
	await open("/jobs");
	await press("Count all people again");
	await operator.getByText("Done.").waitFor();

	await open("/settings/general/brands/add");
	await fill("Id", "shop");
	await fill("Address", "http://shop.example.com/help");
	await fill("Name", "Shop");
	await press("Add");
	await take("brands.add.refused");
	await fill("Address", "https://shop.example.com");
	await press("Add");
	await operator.getByRole("heading", { name: "Shop", level: 1 }).waitFor();

	await open("/settings/general/integrations/x-login/links");
	await fill("List", 'x_id,email\n1,a\n2,"b');
	await press("Try it");
	await take("links.refused");
	await fill("List", "x_id,email\n2244994945,ada@example.com\n@ada,ada@example.com");
	await press("Try it");
	await operator.getByRole("button", { name: "Try again" }).waitFor();
	await take("links.tried");

	await open("/settings/general/add-ons");
	await press(/^Review/);
	await take("add-ons.review");

	await open("/operators");
	await fill("E-mail address", "grace@example.com");
	await press("Invite");
	await take("operators.invited");
	const link = await operator.locator("main code").first().textContent();
	await camera.take("admin.invitation", link ?? "", []);

	await open("/settings/users/social-login/x-login");
	await operator.getByLabel("Acorn Outdoor").uncheck();
	await press("Submit");
	await take("social-login.switch-off");
}

/** Connects a helpdesk of each kind. */
export async function takeConnected(camera: Camera, operator: Page, ready: Ready): Promise<void> {
	const { open, press, fill } = handsOf(operator, ready);
	const connected = "/settings/general/connected-helpdesks";
	await open(`${connected}/add?brand=acorn&preset=request-tracker`);
	await camera.takeAnswer("admin.connected-helpdesks.form", await seenBy(operator));
	await fill("Address of Request Tracker", "http://127.0.0.1:4");
	await press("Connect");
	await camera.takeAnswer("admin.connected-helpdesks.connected", await seenBy(operator));

	await open(`${connected}/add-hand-off?brand=acorn&preset=supportpal`);
	await fill("Address of SupportPal", "https://support.example.com");
	await fill("SimpleAuth key", "0123456789abcdef0123456789abcdef");
	await press("Connect");
	await camera.takeAnswer("admin.connected-helpdesks.hand-off", await seenBy(operator));
}

/** Afterwards the operator needs a code to log in. */
export async function takeSecondFactor(
	camera: Camera,
	operator: Page,
	ready: Ready,
): Promise<void> {
	const { open, press, fill } = handsOf(operator, ready);
	await open("/profile/second-factor/set-up");
	await fill("Code from the app", codeOf(keyIn(await operator.content()), Date.now()));
	await press("Set up");
	await camera.takeAnswer("admin.recovery-codes", await seenBy(operator));
	await open("/profile");
	await camera.takeAnswer("admin.profile.with-second-factor", await seenBy(operator));
	const stranger = await camera.newPerson();
	const login = handsOf(stranger, ready);
	await login.open("/login");
	await stranger.getByLabel("E-mail address").fill(ready.operator.email);
	await stranger.getByLabel("Password").fill("not the password");
	await login.press("Log in");
	await camera.takeAnswer("admin.log-in.refused", await seenBy(stranger));
	await stranger.getByLabel("E-mail address").fill(ready.operator.email);
	await stranger.getByLabel("Password").fill(ready.operator.password ?? "");
	await login.press("Log in");
	await camera.takeAnswer("admin.log-in.code", await seenBy(stranger));
}

/** The page that only a plugin's developer sees. @param ready of a helpdesk that a developer started. */
export async function takePluginCalls(camera: Camera, ready: Ready): Promise<void> {
	const developer = await camera.newPerson();
	const { open, press } = handsOf(developer, ready);
	await logInToAdministration(developer, ready);
	await camera.take(
		"admin.plugin-calls.none",
		`${ready.admin}/plugin-calls`,
		await developer.context().cookies(),
	);
	await open("/settings/general/integrations");
	await press("Activate");
	await open("/plugin-calls");
	await camera.takeAnswer("admin.plugin-calls", await seenBy(developer));
}
