import { expect, test } from "vitest";
import { NAMESPACES } from "../../../../../src/helpdesk/namespaces.ts";
import { Registration } from "../../../../../src/helpdesk/people/registration.ts";
import { namespaced } from "../../../../../src/storage/namespaced-storage.ts";
import { UnreadableValueError } from "../../../../../src/storage/stored-value.ts";
import { type OpenHelpdesk, openHelpdesk } from "../../../../kit/helpdesk/open-helpdesk.ts";

const REGISTRATION = "/admin/settings/users/registration";
const OPEN = { registration: "open", phoneRequired: false } as const;

function policies({ storage }: OpenHelpdesk): Registration {
	return new Registration(namespaced(storage, NAMESPACES.registration));
}

async function save(open: OpenHelpdesk, fields: Record<string, string>) {
	await open.operator.open(`${open.portal}${REGISTRATION}`);
	return open.operator.submit(REGISTRATION, { "acorn-registration": "open", ...fields });
}

function chosen({ operator }: OpenHelpdesk): string | undefined {
	const [field = ""] = /<select id="acorn-unused".*?<\/select>/s.exec(operator.seen.html) ?? [];
	return /value="(\w+)" selected/.exec(field)?.[1];
}

test("unused accounts are kept until an administrator chooses a time, and that time can be taken back", async () => {
	const open = await openHelpdesk();
	expect(await policies(open).of("acorn")).toEqual(OPEN);

	await save(open, { "acorn-unused": "60" });
	expect(await policies(open).of("acorn")).toEqual({ ...OPEN, unusedDays: 60 });
	expect(await policies(open).of("harbor")).toEqual(OPEN);
	expect(chosen(open)).toBe("60");

	await save(open, { "acorn-unused": "never" });
	expect(await policies(open).of("acorn")).toEqual(OPEN);
	expect(chosen(open)).toBeUndefined();
});

test.each([
	["without the field", {}],
	["with a time that is not offered", { "acorn-unused": "1" }],
])("a form %s leaves the time as it is", async (_, fields) => {
	const open = await openHelpdesk();
	await save(open, { "acorn-unused": "30" });

	await save(open, { ...fields, "acorn-phone": "on" });

	expect(await policies(open).of("acorn")).toEqual({
		...{ ...OPEN, phoneRequired: true },
		unusedDays: 30,
	});
});

test("a policy of an earlier version deletes nobody, and a stored time that is not offered is refused and kept", async () => {
	const open = await openHelpdesk();
	const key = [...NAMESPACES.registration, "acorn"];
	await open.storage.commit({ sets: [{ key, value: { ...OPEN, later: 1 } }] });
	expect(await policies(open).of("acorn")).toEqual({ ...OPEN, later: 1 });
	await policies(open).set("acorn", { ...OPEN, unusedDays: 90 });
	expect((await open.storage.get(key))?.value).toEqual({ ...OPEN, later: 1, unusedDays: 90 });

	const value = { ...OPEN, unusedDays: 7 };
	await open.storage.commit({ sets: [{ key, value }] });

	await expect(policies(open).of("acorn")).rejects.toThrow(UnreadableValueError);
	await open.operator.open(`${open.portal}${REGISTRATION}`);
	expect(open.operator.seen.html).toContain("What is stored for Acorn Outdoor cannot be read");
	expect((await open.storage.get(key))?.value).toEqual(value);
});
