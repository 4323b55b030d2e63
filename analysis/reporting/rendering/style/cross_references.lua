-- Numbers figures and tables, resolves @fig-, @tbl- and @sec- references, and lays out callouts:
-- what Quarto adds to pandoc.
local names = {fig = "Figure", tbl = "Table"}
local counts = {fig = 0, tbl = 0}
local labels = {} -- identifier -> text of a reference to it
local is_html = FORMAT:match("html") ~= nil
local two_columns = false
local prefix = "" -- S in the supplement of a submission

local function next_label(identifier)
  local kind = identifier:match("^(%a+)%-")
  if not names[kind] then return nil end
  counts[kind] = counts[kind] + 1
  labels[identifier] = names[kind] .. "\u{a0}" .. prefix .. counts[kind]
  return labels[identifier], kind
end

local function numbered(label, inlines)
  return pandoc.Plain(pandoc.Inlines({pandoc.Strong({pandoc.Str(label .. ".")}), pandoc.Space()})
    .. (inlines or {}))
end

-- Columns as wide as their content needs: a pipe table's dashes say nothing about it. On the web, a
-- table scrolls in its own box.
local function natural_widths(each)
  -- Word takes the widths of the dashes, which were computed from the cells.
  if FORMAT == "docx" then return each end
  each.colspecs = each.colspecs:map(function(column) return {column[1], nil} end)
  return each
end

local function scrolling(each)
  return pandoc.Div({natural_widths(each)}, {class = "table-scroll"})
end

-- Quarto's div syntax: the last paragraph of a div #fig-… or #tbl-… is its caption.
local function float(div)
  local label, kind = next_label(div.identifier)
  if not label then return nil end
  local blocks, caption = div.content, nil
  if #blocks > 1 and blocks[#blocks].t == "Para" then
    caption = blocks[#blocks].content
    blocks:remove(#blocks)
  end
  local has_table = false
  local across = FORMAT == "typst" and two_columns and caption ~= nil and blocks[1].t == "Table"
  if across then -- it floats over both columns, and takes its note with it
    for place = #blocks, 2, -1 do
      caption:extend({pandoc.Space()})
      caption:extend(blocks[place].content)
      blocks:remove(place)
    end
  end
  blocks = blocks:walk({Table = function(each)
    has_table = true
    caption = caption or pandoc.utils.blocks_to_inlines(each.caption.long)
    each.caption = is_html and pandoc.Caption({}) or pandoc.Caption({numbered(label, caption)})
    if FORMAT:match("jats") or across then each.identifier = div.identifier end
    return is_html and scrolling(each) or natural_widths(each)
  end})
  if has_table and (FORMAT:match("jats") or across) then return blocks, false end
  -- A short table stays on one page; its height is known only there (article.typ).
  if has_table and FORMAT == "typst" and not two_columns then
    blocks:insert(1, pandoc.RawBlock("typst", "#whole_if_short["))
    blocks:insert(pandoc.RawBlock("typst", "]"))
  end
  if has_table and not is_html then
    return pandoc.Div(blocks, {id = div.identifier}), false
  end
  blocks = blocks:map(function(block)
    return block.t == "Para" and pandoc.Plain(block.content) or block
  end)
  return pandoc.Figure(blocks, {long = {numbered(label, caption)}},
    {id = div.identifier, class = kind}), false
end

local number = {
  traverse = "topdown",
  Header = function(header)
    if header.identifier:match("^sec%-") then
      labels[header.identifier] = pandoc.utils.stringify(header)
    end
  end,
  Div = float,
  Figure = function(figure)
    local label = next_label(figure.identifier)
    if label then
      figure.caption.long = {numbered(label, pandoc.utils.blocks_to_inlines(figure.caption.long))}
      return figure, false
    end
  end,
  Table = function(each)
    if is_html then return scrolling(each), false end
    return natural_widths(each), false
  end,
}

local function reference(cite)
  local parts = pandoc.Inlines({})
  for _, citation in ipairs(cite.citations) do
    local text = labels[citation.id]
    local kind = citation.id:match("^(%a+)%-")
    if not text and not names[kind] and kind ~= "sec" then return nil end
    if not text then
      io.stderr:write("the document refers to @" .. citation.id .. ", which it does not have\n")
    end
    if #parts > 0 then parts:extend({pandoc.Str(","), pandoc.Space()}) end
    parts:insert(text and pandoc.Link({pandoc.Str(text)}, "#" .. citation.id)
      or pandoc.Strong({pandoc.Str("?@" .. citation.id)}))
  end
  return parts
end

local function callout(div)
  local kind = table.concat(div.classes, " "):match("callout%-(%a+)")
  if not kind then return nil end
  local blocks, title = div.content, div.attributes["title"]
    or (kind:sub(1, 1):upper() .. kind:sub(2))
  if blocks[1] and blocks[1].t == "Header" then
    title = pandoc.utils.stringify(blocks[1])
    blocks:remove(1)
  end
  local heading = pandoc.Para({pandoc.Strong({pandoc.Str(title)})})
  if is_html and div.attributes.collapse then
    local opening = '<details class="callout callout-' .. kind .. '"'
      .. (div.attributes.collapse == "false" and " open" or "") .. "><summary>" .. title
        .. "</summary>"
    return pandoc.Blocks({pandoc.RawBlock("html", opening)}) .. blocks
      .. {pandoc.RawBlock("html", "</details>")}
  end
  if is_html then
    return pandoc.Div(pandoc.Blocks({heading}) .. blocks, {class = "callout callout-" .. kind})
  end
  return pandoc.BlockQuote(pandoc.Blocks({heading}) .. blocks)
end

-- Quarto's attribute for the alternative text of an image.
local function image(each)
  if each.attributes["fig-alt"] then
    -- What pandoc's writers take as such.
    each.caption = pandoc.Inlines({pandoc.Str(each.attributes["fig-alt"])})
    each.attributes["fig-alt"] = nil
    return each
  end
end

-- Quarto's conditional content: a div for one format only, or for all others. Before anything is
-- numbered.
local function conditional(div)
  local shown, hidden = div.classes:includes("content-visible"),
    div.classes:includes("content-hidden")
  if not shown and not hidden then return nil end
  local wanted, unwanted = div.attributes["when-format"], div.attributes["unless-format"]
  local function matches(name)
    return name == "html" and is_html or name == "pdf" and FORMAT == "typst"
      or FORMAT:match(name) ~= nil
  end
  local applies = (not wanted or matches(wanted)) and not (unwanted and matches(unwanted))
  return applies == shown and div.content or {}
end

function Pandoc(document)
  two_columns = document.meta.columns ~= nil
    and pandoc.utils.stringify(document.meta.columns) == "2"
  prefix = document.meta["float-prefix"] and pandoc.utils.stringify(document.meta["float-prefix"])
    or ""
  document = document:walk({Div = conditional}):walk({Image = image})
  return document:walk(number):walk({Cite = reference, Div = callout})
end
