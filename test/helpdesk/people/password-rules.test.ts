import { expect, test } from "vitest";
import { commonPasswords } from "../../../src/helpdesk/people/common-passwords.ts";
import { MAX_PASSWORD, problemWithPassword } from "../../../src/helpdesk/people/password-rules.ts";

const KNOWN = ["ada.lovelace@example.com", "Ada Lovelace", "@ada_l", "Acorn Outdoor"];

async function problemWith(password: string, min?: number) {
	const common = await commonPasswords();
	return problemWithPassword(password, { known: KNOWN, common, ...(min && { min }) });
}

test.each([
	["", "short"],
	["1234567", "short"],
	["é".normalize("NFD").repeat(7), "short"],
	["🎈🎉🎁🎂🎄🎃🎏", "short"],
	["x".repeat(257), "long"],
	["        ", "repeated"],
	["\u3000\u00a0 \u2003\u3000\u00a0 \u2003", "repeated"],
	["aaaaaaaa", "repeated"],
	["AAAAaaaa", "repeated"],
	["abababab", "repeated"],
	["11112222", "repeated"],
	["horsehorsehorse", "repeated"],
	["a1b2c3a1b2c3a", "repeated"],
	["password", "common"],
	["12345678", "common"],
	["PassWord", "common"],
	["ｐａｓｓｗｏｒｄ", "common"],
	["  password ", "common"],
	["Password!", "common"],
	["iloveyou", "common"],
	["qwertyuiop", "common"],
	["passwort", "common"],
	["hallo123", "common"],
	["ada.lovelace@example.com", "known"],
	["ADA.LOVELACE@EXAMPLE.COM", "known"],
	["ada.lovelace", "known"],
	["ada-lovelace-1815", "known"],
	["Lovelace1815", "known"],
	["lovelace.ada", "known"],
	["@ada_l_2024", "known"],
	["Acorn Outdoor", "known"],
	["acornoutdoor!", "known"],
	["outdoor-acorn-7", "known"],
])("finding 8: the password %j is refused as %s", async (password, problem) => {
	expect(await problemWith(password)).toBe(problem);
});

test.each([
	"correct horse",
	"correct horse battery staple",
	"Lovelace likes engines",
	"zebra acorn piano",
	"日本語でのパスワード",
	"🎈🎉🎁🎂🎄🎃🎏🎐",
	"wxvkqzjr",
	"4915036275",
	`${"abcdefgh ".repeat(7)}x`,
	"ab cd ef ".repeat(28).concat("xyz!"),
])("finding 8: no rule but these refuses a password: %j", async (password) => {
	expect(await problemWith(password)).toBeUndefined();
});

test.each([
	"987654321",
	"87654321",
	"98765432",
	"9876543210",
	"0123456789",
	"23456789",
	"34567890",
	"12345678901234567890",
	"abcdefgh",
	"abcdefghi",
	"ABCDefgh",
	"abcdefghijkl",
	"zyxwvuts",
	"абвгдежз",
	"abcd1234",
	"123abc456",
	"abcdedcba",
	"1234-5678",
	"12345678!!",
	"asdf4567",
	"poiuytrewq",
	"qwertzuiop",
	"mnbvcxyasdf",
	"lkjhgfdsa",
	"qwe123asd",
	"!@#$%^&*",
	"abcdef2024",
	"qwertz123!",
	"123456782024",
	"123abc45",
])("F-B: characters that only follow each other are refused as common: %j", async (password) => {
	expect(await problemWith(password)).toBe("common");
});

test.each([
	"abd12487",
	"13579753",
	"abc12xyz",
	"abc123xyz789tuv",
	"abcdefgh horse",
	"defghi at stuvw",
	"qwxvertz",
	"20101231",
	"90817263",
	"qwerty for zebras",
	"🎈🎉🎁🎂🎄🎃🎏🎐",
])("F-B: other passwords with a few neighbours in them stay allowed: %j", async (password) => {
	expect(await problemWith(password)).toBeUndefined();
});

test.each([
	["pass\u200bword", "common"],
	["password\u200b", "common"],
	["\ufeffpassword", "common"],
	["p\u00ada\u2060s\u200ds\u034fw\ufe0fo\u202er\u3164d", "common"],
	["pass\u0000word\u0007", "common"],
	["\u2800password\u2800", "common"],
	["9876\u200b54321", "common"],
	["horse\u200bhorsehorse", "repeated"],
	["\u200b".repeat(8), "repeated"],
	["love\u200blace.ada", "known"],
])(
	"F-B: characters that show nothing hide no password: %j is refused as %s",
	async (password, problem) => {
		expect(await problemWith(password)).toBe(problem);
	},
);

test.each(["👨‍👩‍👧‍👦🏳️‍🌈🎈", "wxvk\u200bqzjr", "می‌خواهم‌ها"])(
	"F-B: characters that show nothing are allowed in a good password: %j",
	async (password) => {
		expect(await problemWith(password)).toBeUndefined();
	},
);

test.each([
	"Password2024",
	"Welcome2024",
	"Welcome2024!",
	"changeme123",
	"changeme 123",
	"Passwort-2025",
	"(sunshine99)",
	"hallo1232024",
	"monkey0007",
])(
	"F-B: a common password with up to four digits behind it is refused as common: %j",
	async (password) => {
		expect(await problemWith(password)).toBe("common");
	},
);

test.each([
	"elephant204857",
	"20x24password",
	"password2024horse",
	"horse battery 2024",
	"wxvkqzjr2024",
	"sunshine#4x",
	"1597538204",
	"19870412",
	"sunshine٢٠٢٤",
])("F-B: other passwords that end in digits stay allowed: %j", async (password) => {
	expect(await problemWith(password)).toBeUndefined();
});

test("finding 8: passwords of 64 to 256 characters are good, whatever the characters", async () => {
	for (const length of [64, 65, MAX_PASSWORD]) {
		const letters = Array.from({ length }, (_, index) =>
			String.fromCodePoint(0x1f300 + ((index * index) % 200)),
		);
		expect(await problemWith(letters.join(""))).toBeUndefined();
	}
});

test("finding 8: another least length changes nothing else", async () => {
	expect(await problemWith("wxvkqzjr", 12)).toBe("short");
	expect(await problemWith("wxvkqzjr plus", 12)).toBeUndefined();
	expect(await problemWith("passwordpassword", 12)).toBe("common");
});

test("finding 8: names of one or two letters refuse nothing", async () => {
	const common = await commonPasswords();

	expect(problemWithPassword("wxvkqzjr", { known: ["", "x", "李", "qz"], common })).toBeUndefined();
});

test("finding 8: the list has more than the 3,000 passwords that ASVS asks for, and is read once", async () => {
	const common = await commonPasswords();

	expect([...common].filter(({ length }) => length >= 8).length).toBeGreaterThan(3000);
	expect([...common].every((each) => each === each.toLowerCase())).toBe(true);
	expect(await commonPasswords()).toBe(common);
});
