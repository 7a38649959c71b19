import { createHash } from "node:crypto";

export interface RedisScript {
	readonly lua: string;
	readonly sha1: string;
}

/**
 * Scripts that Redis runs in one step each. An entry is a string "VERSION EXPIRY JSON", where EXPIRY is "-" for an entry
 * that never expires. One sorted set holds the keys in order, another one the keys that expire by their time.
 */
const BEGIN = `
	local prefix = ARGV[1]
	local keys, expiry, entry = prefix .. ':keys', prefix .. ':expiry', prefix .. ':entry:'
	local function remove(key)
		redis.call('DEL', entry .. key)
		redis.call('ZREM', keys, key)
		redis.call('ZREM', expiry, key)
	end
`;

/** ARGV: prefix, now, swept before, swept at most; the numbers of checks, deletes and sets; then these themselves. */
export const COMMIT_SCRIPT = script(`
	local now = tonumber(ARGV[2])
	local at = 7
	local function argument()
		at = at + 1
		return ARGV[at]
	end
	for _ = 1, ARGV[5] do
		local key, expected = argument(), argument()
		local version, expires = string.match(redis.call('GETRANGE', entry .. key, 0, 127), '^(%S+) (%S+) ')
		local living = version and (expires == '-' or now < tonumber(expires))
		if expected ~= (living and version or '') then
			return 0
		end
	end
	for _ = 1, ARGV[6] do
		remove(argument())
	end
	for _ = 1, ARGV[7] do
		local key, expires, stored = argument(), argument(), argument()
		redis.call('SET', entry .. key, stored)
		redis.call('ZADD', keys, 0, key)
		if expires == '-' then
			redis.call('ZREM', expiry, key)
		else
			redis.call('ZADD', expiry, expires, key)
		end
	end
	for _, key in ipairs(redis.call('ZRANGEBYSCORE', expiry, '-inf', ARGV[3], 'LIMIT', 0, ARGV[4])) do
		remove(key)
	end
	return 1
`);

/** ARGV: prefix, key. */
export const TAKE_SCRIPT = script(`
	local stored = redis.call('GET', entry .. ARGV[2])
	remove(ARGV[2])
	return stored
`);

/** ARGV: prefix, start, end, limit. Answers with each key followed by its entry. */
export const LIST_SCRIPT = script(`
	local found = {}
	for _, key in ipairs(redis.call('ZRANGEBYLEX', keys, '(' .. ARGV[2], '(' .. ARGV[3], 'LIMIT', 0, ARGV[4])) do
		found[#found + 1] = key
		found[#found + 1] = redis.call('GET', entry .. key)
	end
	return found
`);

function script(body: string): RedisScript {
	const lua = BEGIN + body;
	return { lua, sha1: createHash("sha1").update(lua).digest("hex") };
}
