import { expect, test } from "vitest";
import { BrandLooks } from "../../../src/helpdesk/brands/brand-looks.ts";
import { StoredBrands } from "../../../src/helpdesk/brands/stored-brands.ts";
import { NAMESPACES } from "../../../src/helpdesk/namespaces.ts";
import { MemoryStorage } from "../../../src/storage/memory-storage.ts";
import { namespaced } from "../../../src/storage/namespaced-storage.ts";
import { MockClock } from "../../../src/testing/mock-host/mock-clock.ts";
import { png } from "../../kit/helpdesk/pictures.ts";

const SHOP = { id: "shop", name: "Shop", url: "https://shop.example.com" };
const SIZE = { type: "image/png", width: 2, height: 1 } as const;

function open() {
	const clock = new MockClock();
	const storage = new MemoryStorage(clock);
	const brands = new StoredBrands(namespaced(storage, NAMESPACES.brands), clock);
	const looks = new BrandLooks(storage);
	const lookOf = async (id: string) => (await brands.all()).looks.get(id);
	return { storage, brands, looks, lookOf };
}

test("changes of one look at the same time are all kept", async () => {
	const { looks, lookOf } = open();
	const english = { language: "en", logIn: "Hello", opening: "", signature: "" };

	await Promise.all([
		looks.change("acorn", { colour: "#0a7d4f" }),
		looks.change("acorn", { termsUrl: "https://example.com/terms" }),
		looks.changeTexts("acorn", (texts) => [...texts, english]),
		looks.setLogo("acorn", SIZE, png(2, 1)),
	]);

	expect(await lookOf("acorn")).toEqual({
		...{ colour: "#0a7d4f", privacyPolicyUrl: null, termsUrl: "https://example.com/terms" },
		texts: [english],
		logo: { ...SIZE, sha256: (await looks.logoOf("acorn"))?.sha256 },
	});
});

test("the bytes of a logo are kept as they are, and those who list the brands do not read them", async () => {
	const { brands, looks } = open();
	const bytes = png(2, 1);
	await looks.setLogo("acorn", SIZE, bytes);

	expect(Buffer.from((await looks.logoOf("acorn"))?.bytes ?? [])).toEqual(bytes);
	const listed = JSON.stringify([...(await brands.all()).looks]);
	expect(listed).not.toContain(bytes.toString("base64").slice(0, 20));
});

test("a brand that is removed gets no look any more", async () => {
	const { brands, looks, lookOf } = open();
	await brands.add(SHOP);
	await looks.change("shop", { colour: "#0a7d4f" });
	await brands.remove("shop");

	await expect(looks.change("shop", { colour: "#7d0a4f" })).rejects.toThrow("shop is removed");
	await expect(looks.setLogo("shop", SIZE, png(2, 1))).rejects.toThrow("shop is removed");
	expect((await lookOf("shop"))?.colour).toBe("#0a7d4f");
	expect(await looks.logoOf("shop")).toBeUndefined();
});

test.each([
	["a colour that is none", { colour: "red" }],
	["a link that runs a script", { termsUrl: "javascript:alert(1)" }],
	["a logo of another type", { logo: { ...SIZE, sha256: "0".repeat(64), type: "image/svg+xml" } }],
	["a logo whose hash is a path", { logo: { ...SIZE, sha256: "../../x" } }],
	["texts that are no list", { texts: "Hello" }],
	[
		"a text with an unknown placeholder",
		{ texts: [{ language: "en", logIn: "{x}", opening: "", signature: "" }] },
	],
])("a stored look with %s cannot be read, and hides no other one", async (_, value) => {
	const { storage, brands, looks } = open();
	await looks.change("harbor", { colour: "#0a7d4f" });
	await storage.commit({ sets: [{ key: ["brands", "look", "acorn"], value }] });

	const book = await brands.all();

	expect(book.unreadableLooks).toEqual(["acorn"]);
	expect(book.looks.has("harbor")).toBe(true);
});
