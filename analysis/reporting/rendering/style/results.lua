-- What the documents write in Markdown beyond Quarto's own, for Quarto and for the preview alike:
-- numbers with their source, and headers over several columns.
local is_html = FORMAT:match("html") ~= nil
local OVER = "‖"

local origin = nil

local function read_origin(meta)
  local found = meta["results-origin"]
  origin = found and pandoc.utils.stringify(found) or nil
end

-- Word keeps a hidden bookmark while the text in it is edited: by it `early-recurrence numbers` and
-- the count of bound numerals know a value (analysis/reporting/numerals/docx_blocks.py reads them).
local marks = 0
local function marked(content, name)
  marks = marks + 1
  local id = 500000 + marks -- pandoc numbers its own from below
  local start = string.format('<w:bookmarkStart w:id="%d" w:name="%s"/>', id,
    name:gsub("#", tostring(marks), 1))
  local inlines = pandoc.Inlines({pandoc.RawInline("openxml", start)}) .. content
  inlines:insert(pandoc.RawInline("openxml", string.format('<w:bookmarkEnd w:id="%d"/>', id)))
  return inlines
end

local function is_own(span)
  return span.classes:includes("own") and (span.attributes["reason"] or ""):match("%S") ~= nil
end

-- What a cell printed has no key, and a block may be the authors' own with its reason; both are
-- marked in Word too.
local function block_marked(blocks, name)
  local parts = marked(pandoc.Inlines({}), name)
  local all = pandoc.Blocks({pandoc.RawBlock("openxml", parts[1].text)}) .. blocks
  all:insert(pandoc.RawBlock("openxml", parts[2].text))
  return all
end

local function outputs(div)
  if FORMAT ~= "docx" then return nil end
  if is_own(div) then
    div.content = block_marked(div.content, "_o#")
  elseif div.classes:includes("cell-output") then
    div.content = div.content:walk({CodeBlock = function(code)
      return block_marked(pandoc.Blocks({code}), "_p#")
    end})
  else
    return nil
  end
  return div
end

-- On the web a number carries what made it, cohort and code of the folder's metadata included; on
-- paper it is a number.
local function result(span)
  local by_key = span.classes:includes("result")
  local stated, counted = span.classes:includes("stated"), span.classes:includes("counted")
  if not by_key and not stated and not counted and not span.classes:includes("own") then
    return nil
  end
  if is_html then
    if by_key and origin and span.attributes.title then
      span.attributes.title = span.attributes.title .. " · " .. origin
    end
    return span
  end
  if span.classes:includes("made-by") then
    return FORMAT == "docx" and marked(pandoc.Inlines({}), "_m#") or {}
  end
  if FORMAT == "docx" then
    if counted then return marked(span.content, "_c#") end
    if is_own(span) then return marked(span.content, "_o#") end
    if not by_key and not stated then return span.content end
    local key = span.attributes["key"] or (span.attributes.title or ""):match("^(.-) ·")
      or span.attributes.title or ""
    if key:match("^study%.yml:") then return marked(span.content, "_a#") end
    if key:match("[*:/]") or key:match("%.json$") or key:match("%.csv$") or key:match("%.txt$") then
      return marked(span.content, "_s#") -- no key of the results (ResultsByKey.stated)
    end
    return marked(span.content, "_v#_" .. pandoc.utils.sha1(key):sub(1, 12))
  end
  if FORMAT == "typst" then -- an interval does not break after its dash
    return span.content:walk({Str = function(str)
      return pandoc.Str((str.text:gsub("(%d)–", "%1\u{2060}–\u{2060}")))
    end})
  end
  return span.content
end

-- An inline expression that gave nothing (analysis/reporting/rendering/inline.py) leaves no second
-- space, no empty paragraph and no empty item.
local function is_space(inline)
  return inline.t == "Space" or inline.t == "SoftBreak"
end

local function nothing(inlines)
  local kept, dropped = pandoc.Inlines({}), false
  for _, each in ipairs(inlines) do
    if each.t == "Span" and each.classes:includes("nothing") then
      dropped = true
    elseif not (dropped and is_space(each) and (#kept == 0 or is_space(kept[#kept]))) then
      kept:insert(each)
    end
  end
  if not dropped then return nil end
  while #kept > 0 and is_space(kept[#kept]) do kept:remove(#kept) end
  return kept
end

local function without_empty(block)
  if #block.content == 0 then return {} end
end

local function without_empty_items(each)
  each.content = each.content:filter(function(item)
    return #item > 1 or (#item == 1 and not (item[1].t == "Plain" and #item[1].content == 0))
  end)
  if #each.content == 0 then return {} end
  return each
end

local function trim(inlines)
  while #inlines > 0 and (inlines[#inlines].t == "Space" or inlines[#inlines].t == "SoftBreak") do
    inlines:remove(#inlines)
  end
  while #inlines > 0 and (inlines[1].t == "Space" or inlines[1].t == "SoftBreak") do
    inlines:remove(1)
  end
  return inlines
end

-- `over‖under` -> over, under; nil where the cell has no such mark.
local function split(inlines)
  for place, inline in ipairs(inlines) do
    local first, last = nil, nil
    if inline.t == "Str" then first, last = inline.text:find(OVER, 1, true) end
    if first then
      local over, under = pandoc.Inlines({}), pandoc.Inlines({})
      for before = 1, place - 1 do over:insert(inlines[before]) end
      if first > 1 then over:insert(pandoc.Str(inline.text:sub(1, first - 1))) end
      if last < #inline.text then under:insert(pandoc.Str(inline.text:sub(last + 1))) end
      for after = place + 1, #inlines do under:insert(inlines[after]) end
      return trim(over), trim(under)
    end
  end
end

-- One header row whose cells share an `over` with their neighbours -> two rows, the upper one with
-- spans.
local function grouped(each)
  if #each.head.rows ~= 1 then return nil end
  local upper, lower, found, last = pandoc.List({}), pandoc.List({}), false, nil
  for _, cell in ipairs(each.head.rows[1].cells) do
    local block = cell.contents[1]
    local over, under = nil, nil
    if block and block.content then over, under = split(block.content) end
    if over then
      found = true
      local name = pandoc.utils.stringify(over)
      if last and last.name == name then
        last.cell.col_span = last.cell.col_span + 1
      else
        last = {name = name, cell = pandoc.Cell({pandoc.Plain(over)}, pandoc.AlignCenter, 1, 1)}
        upper:insert(last)
      end
      lower:insert(pandoc.Cell({pandoc.Plain(under)}, cell.alignment, 1, 1))
    else
      upper:insert({cell = pandoc.Cell(cell.contents, cell.alignment, 2, 1)})
      last = nil
    end
  end
  if not found then return nil end
  each.head.rows = pandoc.List({pandoc.Row(upper:map(function(group)
    return group.cell
  end)), pandoc.Row(lower)})
  return each
end

-- On the web the numbers of a cell don't break but before an interval, where a column is narrow.
local function may_break(inlines)
  for place, inline in ipairs(inlines) do
    local following = inlines[place + 1]
    if inline.t == "Space" and following and following.t == "Str" and following.text:match("^%(") then
      inlines[place] = pandoc.Span({pandoc.Space()}, {class = "may-break"})
    end
  end
  return inlines
end

-- A cell of numbers stays on one line: "< .001", ".844 (.690–.930)".
local function unbroken(each)
  local function cells(rows)
    for _, row in ipairs(rows) do
      for _, cell in ipairs(row.cells) do
        local block = cell.contents[1]
        if #cell.contents == 1 and (block.t == "Plain" or block.t == "Para") then
          local words = pandoc.utils.stringify(block)
          local signs = words:gsub("%sto%s", " "):gsub("\u{a0}to\u{a0}", " ")
          if words:match("%d") and not signs:match("%a") and #words <= 40 then
            if is_html then
              local content = block.content:walk({Inlines = may_break})
              block.content = {pandoc.Span(content, {class = "number"})}
            elseif words:match("^[<>]") then
              block.content = block.content:walk({Space = function()
                return pandoc.Str("\u{a0}")
              end})
            end
          end
        end
      end
    end
  end
  for _, body in ipairs(each.bodies) do cells(body.body) end
  return each
end

-- A note below a table is as small as its cells.
local function note(para)
  local span = para.content[1]
  if #para.content ~= 1 or span.t ~= "Span" or not span.classes:includes("table-note") then
    return nil
  end
  if FORMAT == "docx" then
    return pandoc.Div({pandoc.Para(span.content)}, {["custom-style"] = "Table Note"})
  end
  if FORMAT == "typst" then
    local inlines = pandoc.Inlines({pandoc.RawInline("typst", "#text(size: 7.5pt)[")})
      .. span.content
    inlines:insert(pandoc.RawInline("typst", "]"))
    return pandoc.Para(inlines)
  end
end

-- Word's tight lists share their style with the cells of tables; as paragraphs they are as large as
-- the text.
local function list(each)
  if FORMAT ~= "docx" then return nil end
  each.content = each.content:map(function(item)
    return pandoc.Blocks(item):map(function(block)
      return block.t == "Plain" and pandoc.Para(block.content) or block
    end)
  end)
  return each
end

-- In two columns a float takes the whole width of the page.
local TWO_COLUMNS = [[#show figure.where(kind: image): set figure(placement: auto, scope: "parent")
#show figure.where(kind: table): set figure(placement: auto, scope: "parent")
#show figure.where(kind: "quarto-float-fig"): set figure(placement: auto, scope: "parent")
#show figure.where(kind: "quarto-float-tbl"): set figure(placement: auto, scope: "parent")]]

local function layout(document)
  if FORMAT ~= "typst" or not document.meta.columns
    or pandoc.utils.stringify(document.meta.columns) ~= "2" then
    return nil
  end
  document.blocks:insert(1, pandoc.RawBlock("typst", TWO_COLUMNS))
  return document
end

-- JATS has a place of its own for the abstract.
local function abstract(document)
  if not FORMAT:match("jats") then return nil end
  local kept, taken, inside = pandoc.Blocks({}), pandoc.Blocks({}), false
  for _, block in ipairs(document.blocks) do
    if block.t == "Header" and block.level == 1 then
      inside = block.identifier == "abstract" or block.identifier == "sec-abstract"
    end
    if not inside then
      kept:insert(block)
    elseif block.t ~= "Header" then
      taken:insert(block)
    end
  end
  if #taken == 0 then return nil end
  document.blocks, document.meta.abstract = kept, pandoc.MetaBlocks(taken)
  return document
end

return {{Meta = read_origin}, {Inlines = nothing}, {Para = without_empty},
  {BulletList = without_empty_items}, {Span = result}, {Div = outputs}, {Table = grouped},
    {Table = unbroken}, {Para = note}, {BulletList = list}, {Pandoc = layout}, {Pandoc = abstract}}
