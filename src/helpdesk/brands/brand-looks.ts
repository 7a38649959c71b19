import { createHash } from "node:crypto";
import type { HostStorage, StorageKey, StorageValue } from "../../contract/storage.ts";
import { updateEntry } from "../../contract/update-entry.ts";
import { fieldsOf, type StoredKind } from "../../storage/stored-value.ts";
import { NAMESPACES } from "../namespaces.ts";
import { BRAND_LOOK, type BrandLook, PLAIN_LOOK } from "./brand-look.ts";
import { BRAND_RECORD } from "./brand-record.ts";
import { BrandError } from "./brand-rules.ts";
import { LOGO_TYPES, type LogoFile } from "./logo-file.ts";
import { BRAND, LOOK } from "./stored-brands.ts";

/** A logo with its bytes. */
interface StoredLogo {
	readonly sha256: string;
	readonly type: LogoFile["type"];
	readonly bytes: Uint8Array;
}

const STORED_LOGO: StoredKind<StoredLogo> = { name: "brand-logos", read: readStoredLogo };

/** Changes how brands look. Every node reads the looks with the brands, see `HelpdeskBrands`; the bytes of a logo only to send them. */
export class BrandLooks {
	/** @param storage the storage of the helpdesk: a logo and the look that names it are one commit. */
	constructor(private readonly storage: HostStorage) {}

	/** @throws BrandError when the brand was removed, or its look cannot be read; StorageError. */
	async change(brandId: string, change: Partial<Omit<BrandLook, "logo">>): Promise<void> {
		await this.write(brandId, (look) => ({ look: { ...look, ...change } }));
	}

	/** Changes texts one by one, because two people may change those of two languages at once. @throws as {@link change}. */
	async changeTexts(brandId: string, change: (texts: BrandLook["texts"]) => BrandLook["texts"]) {
		await this.write(brandId, (look) => ({ look: { ...look, texts: change(look.texts) } }));
	}

	/** @throws as {@link change}. */
	async setLogo(brandId: string, file: LogoFile, bytes: Uint8Array): Promise<void> {
		const sha256 = createHash("sha256").update(bytes).digest("hex");
		const { type } = file;
		const data = Buffer.from(bytes).toString("base64");
		await this.write(brandId, (look) => ({
			look: { ...look, logo: { ...file, sha256 } },
			logo: { sha256, type, data },
		}));
	}

	/** @throws as {@link change}. */
	async removeLogo(brandId: string): Promise<void> {
		await this.write(brandId, (look) => ({ look: { ...look, logo: null }, logo: null }));
	}

	/** @returns undefined for none, and for one that cannot be read. @throws StorageError */
	async logoOf(brandId: string): Promise<StoredLogo | undefined> {
		const entry = await this.storage.get(logoPlace(brandId));
		return entry && STORED_LOGO.read(entry.value);
	}

	/** @param decide a logo of null is deleted; left out, the stored one stays. */
	private async write(
		brandId: string,
		decide: (look: BrandLook) => {
			readonly look: BrandLook;
			readonly logo?: StorageValue;
		},
	): Promise<void> {
		const key = [...NAMESPACES.brands, LOOK, brandId];
		const record = [...NAMESPACES.brands, BRAND, brandId];
		await updateEntry(this.storage, async () => {
			const [before, about] = await Promise.all([this.storage.get(key), this.storage.get(record)]);
			const look = before === undefined ? PLAIN_LOOK : BRAND_LOOK.read(before.value);
			if (look === undefined) {
				throw new BrandError({ key: "brand-rule.look-unreadable", values: { id: brandId } });
			}
			if (about !== undefined && BRAND_RECORD.read(about.value)?.removedAt) {
				throw new BrandError({
					key: "brand-rule.look-of-removed",
					values: { id: brandId },
				});
			}
			const { look: value, logo } = decide(look);
			const place = logoPlace(brandId);
			const sets = logo === undefined || logo === null ? [] : [{ key: place, value: logo }];
			return {
				commit: {
					checks: [
						{ key, version: before?.version ?? null },
						{ key: record, version: about?.version ?? null },
					],
					sets: [{ key, value }, ...sets],
					deletes: logo === null ? [place] : [],
				},
				result: undefined,
			};
		});
	}
}

function logoPlace(brandId: string): StorageKey {
	return [...NAMESPACES.brandLogos, brandId];
}

/** Where the look of a brand is. It goes with the brand. */
export function placesOfLook(brandId: string): readonly StorageKey[] {
	return [[...NAMESPACES.brands, LOOK, brandId], logoPlace(brandId)];
}

function readStoredLogo(value: StorageValue): StoredLogo | undefined {
	const { sha256, type: named, data } = fieldsOf(value);
	const type = LOGO_TYPES.find((each) => each === named);
	return typeof sha256 === "string" && typeof data === "string" && type !== undefined
		? { sha256, type, bytes: Buffer.from(data, "base64") }
		: undefined;
}
