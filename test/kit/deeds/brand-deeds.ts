import type { Deed, World } from "./world.ts";

const BRANDS = "/admin/settings/general/brands";
const ACORN = `${BRANDS}/brand/acorn`;
const SHOP = { id: "shop", name: "Shop", url: "https://shop.example.com" };
const DETAILS = { name: "Store", locale: "de", timeZone: "Europe/Berlin" };

const addShop = ({ core }: World) => core.storedBrands.add(SHOP);

/** The deeds of operators about brands. */
export const BRAND_DEEDS = {
	"brand.add": {
		act: ({ post }) => post(`${BRANDS}/add`, { ...SHOP, ...DETAILS }),
		changes: [["brands", "brand"]],
		object: () => "shop",
	},
	"brand.change": {
		before: addShop,
		act: ({ post }) => post(`${BRANDS}/brand/shop`, DETAILS),
		changes: [["brands", "brand"]],
		object: () => "shop",
	},
	"brand.change-address": {
		before: addShop,
		act: ({ post }) =>
			post(`${BRANDS}/brand/shop/address`, { url: "https://store.example.com", confirmed: "yes" }),
		changes: [["brands", "brand"]],
		object: () => "shop",
	},
	"brand.change-links": {
		act: ({ post }) => post(`${ACORN}/links`, { termsUrl: "https://example.com/terms" }),
		changes: [["brands", "look"]],
		object: () => "acorn",
	},
	"brand.change-look": {
		act: ({ post }) => post(`${ACORN}/colour`, { colour: "#0a7d4f" }),
		changes: [["brands", "look"]],
		object: () => "acorn",
	},
	"brand.change-texts": {
		act: ({ post }) => post(`${ACORN}/texts`, { "en-logIn": "Welcome to {brand}" }),
		changes: [["brands", "look"]],
		object: () => "acorn",
	},
	"brand.retire": {
		before: addShop,
		act: ({ post }) => post(`${BRANDS}/brand/shop/retire`, { sure: "shop" }),
		// Its job waits until no node serves the brand.
		standing: "begun",
		changes: [["jobs", "job"]],
		object: () => "shop",
	},
} as const satisfies Readonly<Record<string, Deed>>;
