import type { HostStorage } from "../../contract/storage.ts";
import type { UserStatus } from "../../contract/users.ts";

export interface RegistrationPolicy {
	readonly [name: string]: string | boolean;
	readonly registration: "open" | "approval" | "closed";
	/** Whether new users have to give a telephone number. */
	readonly phoneRequired: boolean;
}

const DEFAULT: RegistrationPolicy = { registration: "open", phoneRequired: false };

/** Who may register at a brand, and what is asked of them. */
export class Registration {
	constructor(private readonly storage: HostStorage) {}

	async of(brandId: string): Promise<RegistrationPolicy> {
		const entry = await this.storage.get([brandId]);
		return (entry?.value as RegistrationPolicy | undefined) ?? DEFAULT;
	}

	async set(brandId: string, policy: RegistrationPolicy): Promise<void> {
		await this.storage.commit({ sets: [{ key: [brandId], value: policy }] });
	}

	async statusOfNewUser(brandId: string): Promise<UserStatus> {
		const { registration, phoneRequired } = await this.of(brandId);
		if (registration === "approval") {
			return "awaiting-approval";
		}
		return phoneRequired ? "incomplete" : "active";
	}
}
