//! The scripts that the server runs, each in one step that nothing comes between.
//!
//! Both look first whether the server still holds the journal that was opened, and everything that this
//! process has written to it.

/// The keys of a script, in this order: the journal's identity, how often this process has written, the
/// journal's clock, the entry, and when entries are forgotten.
pub(super) const KEYS: usize = 5;

/// What both have in common. ARGV[1] is the identity, ARGV[2] how often this process knows to have
/// written. `at` is the time on the journal's clock, which goes on by the server's own as long as that
/// does not jump: an hour at most at a time, and never back. It is noted with each write, and when the
/// server's clock was set back.
const COMMON: &str = "
local time = redis.call('TIME')
local wall = time[1] * 1000 + math.floor(time[2] / 1000)
local noted = redis.call('HMGET', KEYS[3], 'at', 'wall')
local at = tonumber(noted[1] or wall)
local before = tonumber(noted[2] or wall)
at = at + math.max(0, math.min(wall - before, 3600000))
local function note()
  redis.call('HSET', KEYS[3], 'at', string.format('%.0f', at), 'wall', string.format('%.0f', wall))
end
local standing = ''
if redis.call('GET', KEYS[1]) ~= ARGV[1] then
  standing = 'replaced'
elseif tonumber(redis.call('GET', KEYS[2]) or '0') < tonumber(ARGV[2]) then
  standing = 'behind'
end
";

/// Gives the entry and the time.
const READ: &str = "
if standing ~= '' then return {standing, at, wall, ''} end
if wall < before then note() end
return {'', at, wall, redis.call('GET', KEYS[4]) or ''}
";

/// Puts ARGV[4] in the place of ARGV[3] (empty: no entry), to be forgotten at ARGV[5] (0: never), and
/// removes a few entries whose time has come. Gives how often this process has written then.
const SWAP: &str = "
if standing ~= '' then return {standing, 0} end
if (redis.call('GET', KEYS[4]) or '') ~= ARGV[3] then return {'changed', 0} end
note()
for _, old in ipairs(redis.call('ZRANGEBYSCORE', KEYS[5], '-inf', at, 'LIMIT', 0, 16)) do
  redis.call('DEL', old)
  redis.call('ZREM', KEYS[5], old)
end
if ARGV[4] == '' then redis.call('DEL', KEYS[4]) else redis.call('SET', KEYS[4], ARGV[4]) end
if ARGV[5] == '0' then redis.call('ZREM', KEYS[5], KEYS[4])
else redis.call('ZADD', KEYS[5], ARGV[5], KEYS[4]) end
return {'', redis.call('INCR', KEYS[2])}
";

/// Recognises the journal, or begins one: KEYS[1] is its identity, KEYS[2] its secret's check value; ARGV
/// has a new identity, the check value, and whether a journal may be begun (1). Gives both as they are
/// then, and whether it was begun now.
pub(super) const OPEN: &str = "
local check = redis.call('GET', KEYS[2])
local begun = 0
if ARGV[3] == '1' and not check then
  redis.call('SET', KEYS[2], ARGV[2])
  redis.call('SET', KEYS[1], ARGV[1])
  check = ARGV[2]
  begun = 1
end
if check == ARGV[2] then redis.call('SET', KEYS[1], ARGV[1], 'NX') end
return {redis.call('GET', KEYS[1]) or '', check or '', begun}
";

pub(super) fn read() -> String {
    format!("{COMMON}{READ}")
}

pub(super) fn swap() -> String {
    format!("{COMMON}{SWAP}")
}
