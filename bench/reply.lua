-- reply.lua PATHS MARK TOLD - a wrk script: each request leaves a reply of its own on the next story of the file PATHS.
-- The number of every reply that was acknowledged is written to the file TOLD, a line each.
local paths, count, mark, told = {}, 0, "", nil

function init(args)
    for line in io.lines(args[1]) do paths[#paths + 1] = line end
    mark = args[2]:gsub("[ ,]", "+")
    told = io.open(args[3], "w")
end

function request()
    count = count + 1
    local body = string.format("name=Nora+Quill&email=nora%%40reader.example&website=&text=Reply+%d+of+%s.", count, mark)
    return wrk.format("POST", paths[count % #paths + 1], {
        ["Content-Type"] = "application/x-www-form-urlencoded",
        ["Host"] = "127.0.0.1",
        ["Origin"] = "http://127.0.0.1",
    }, body)
end

function response(status, headers)
    local id = status == 303 and (headers["Location"] or ""):match("#reply%-(%d+)$")
    told:write(id or "none", "\n")
    told:flush()
end
