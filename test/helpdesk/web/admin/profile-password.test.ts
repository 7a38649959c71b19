// The password of an operator is changed by nobody but those who know it, and they need no other proof.
import { expect, test } from "vitest";
import { FIRST_OPERATOR } from "../../../../src/helpdesk/people/operator-roster.ts";
import { CHOSEN_PASSWORD } from "../../../kit/helpdesk/change-first-password.ts";
import { openHelpdesk } from "../../../kit/helpdesk/open-helpdesk.ts";

const MINUTE = 60_000;
const PROFILE = "/admin/profile";

async function openOldProof() {
	const desk = await openHelpdesk();
	desk.clock.advance(20 * MINUTE);
	await desk.operator.open(`${desk.helpdesk.adminUrl}/profile`);
	return desk;
}

test("a stolen session cookie alone cannot change the password", async () => {
	const { operator, helpdesk } = await openOldProof();
	for (const current of ["", "a guess", CHOSEN_PASSWORD]) {
		await operator.open(`${helpdesk.adminUrl}/profile`);
		const { status } = await operator.submit(PROFILE, { current, new: CHOSEN_PASSWORD });
		expect([current, status]).toEqual([current, 400]);
	}

	await operator.open(helpdesk.adminUrl);
	await operator.submit("/admin/logout");
	const password = helpdesk.operator.password ?? "";
	await operator.submit("/admin/login", { email: FIRST_OPERATOR, password });

	expect(operator.seen.url).toBe(helpdesk.adminUrl);
});

test("the current password is proof enough to change it, however old the log-in", async () => {
	const { operator, helpdesk } = await openOldProof();

	await operator.submit(PROFILE, {
		current: helpdesk.operator.password ?? "",
		new: CHOSEN_PASSWORD,
	});

	expect(operator.seen.html).toContain("Your password is changed.");
	expect(operator.seen.url).toContain(`${PROFILE}?done=password`);
});
