-- paced.lua RATE - a wrk script for one thread: so many requests a second, however fast the answers come.
--
-- Each request has its place in time; a connection that is free early waits for the next place. wrk waits in whole
-- milliseconds, so places are made up for at once: over some milliseconds the rate is exact.
local ffi = require("ffi")
ffi.cdef [[ struct timespec { long tv_sec; long tv_nsec; }; int clock_gettime(int id, struct timespec *now); ]]
local time, step, place = ffi.new("struct timespec"), 0, 0

local function now()
    ffi.C.clock_gettime(1, time) -- monotonic
    return tonumber(time.tv_sec) + tonumber(time.tv_nsec) / 1e9
end

function init(args)
    step = 1 / tonumber(args[1])
end

function delay()
    local t = now()
    if place == 0 or place < t - 0.1 then place = t end -- what a stall cost is not made up for
    place = place + step
    return math.max(0, (place - t) * 1000)
end
