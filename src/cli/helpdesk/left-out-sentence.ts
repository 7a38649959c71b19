import { described } from "../../helpdesk/brands/brand-rules.ts";
import type { LeftOutBrand } from "../../helpdesk/left-out-brands.ts";
import { quoted } from "../masked.ts";

/** What to know about a brand that the helpdesk has data of and does not serve. */
export function leftOutSentence(brand: LeftOutBrand): string {
	const { id, name, url = "https://help.example.com" } = brand;
	return `the brand ${described(brand)} has people or settings, and this helpdesk does not serve it: nobody can log in there. Its data stays. To serve it again, start with --brand ${quoted(`${id}=${name},${url}`)} besides the other brands`;
}
