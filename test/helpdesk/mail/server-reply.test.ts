import { expect, test } from "vitest";
import { secret } from "../../../src/contract/secret.ts";
import { shownReply } from "../../../src/helpdesk/mail/server-reply.ts";

const login = { user: "helpdesk", password: secret("secret-password") };
const text =
	"Your code is 1234 5678.\n\nOr open https://help.example.com/password?token=3ibz-XSGKr_1Lag82J3nlQUH9bozf";

test.each([
	["554 no: 1234 5678.", "554 no: ***."],
	["554 no: 12345678", "554 no: ***"],
	["554 token=3D3ibz-XSGKr_1Lag82J=3D", "554 token=3D***=3D"],
	["554 3ibz-XSGKr_1Lag8=\r\n2J3nlQUH9bozf", "554 ***= ***"],
	["554 the password helps nobody", "554 the password helps nobody"],
	["535 no: secret-password", "535 no: ***"],
])("%j is shown as %j", (said, shown) => {
	expect(shownReply(said, { login, letter: { text } })).toBe(shown);
});

test("a reply is one line of visible characters, and bounded", () => {
	const said = `550 \u202Egnp.exe\u0000\r\n\ud800${"long ".repeat(100_000)}`;

	const shown = shownReply(said, { login });

	expect(shown).toMatch(/^550 gnp\.exe long long/);
	expect(shown.length).toBeLessThanOrEqual(500);
	expect(shown).not.toMatch(/\p{C}/u);
});
