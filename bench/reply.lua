-- reply.lua PATHS MARK - a wrk script: each request leaves a reply of its own on the next story of the file PATHS.
local paths, count, mark = {}, 0, ""

function init(args)
    for line in io.lines(args[1]) do paths[#paths + 1] = line end
    mark = args[2]
end

function request()
    count = count + 1
    local body = string.format(
        "name=Nora+Quill&email=nora%%40reader.example&website=&text=Reply+%d+of+%s.", count, mark:gsub("[ ,]", "+"))
    return wrk.format("POST", paths[count % #paths + 1], {
        ["Content-Type"] = "application/x-www-form-urlencoded",
        ["Host"] = "127.0.0.1",
        ["Origin"] = "http://127.0.0.1",
    }, body)
end
