-- For a submission: each table of the Word manuscript as a file of its own, with its number,
-- caption, note and citations, and a list of the figures and tables with their numbers. Runs last,
-- so that all of these are there.
local folder = os.getenv("EARLY_RECURRENCE_FLOATS")

local function label(caption)
  return pandoc.utils.stringify(caption):match("^(%a+\u{a0}S?%d+)%.")
end

function Pandoc(document)
  local list = {}
  local function note(kind, id, name, source)
    table.insert(list, table.concat({kind, id, name or "", source or ""}, "\t"))
  end
  document:walk({
    traverse = "topdown",
    Div = function(div)
      if not div.identifier:match("^tbl%-") then return nil end
      local name
      div:walk({Table = function(each) name = name or label(each.caption.long) end})
      note("table", div.identifier, name)
      local apart = pandoc.Pandoc({div})
      local file = io.open(folder .. "/" .. div.identifier .. ".docx", "wb")
      file:write(pandoc.write(apart, "docx", {reference_doc = PANDOC_WRITER_OPTIONS.reference_doc}))
      file:close()
      return nil, false
    end,
    Figure = function(figure)
      local source
      figure:walk({Image = function(image) source = source or image.src end})
      note("figure", figure.identifier, label(figure.caption.long), source)
      return nil, false
    end,
  })
  local file = io.open(folder .. "/floats.tsv", "w")
  file:write(table.concat(list, "\n"))
  file:close()
  return nil
end
