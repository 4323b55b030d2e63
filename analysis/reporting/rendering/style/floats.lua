-- Figures, tables and callouts of Quarto in Word and JATS, where its own rendering puts each of
-- them into a table for layout (Word) or into a figure (JATS); for journals' LaTeX formats, the
-- package that tables need. Does nothing outside of Quarto.
local nodes = _G._quarto and _G._quarto.ast
if not (quarto and nodes and nodes.add_renderer) then return {} end

-- Quarto writes tables as LaTeX before pandoc sees that they have cells over several rows.
if FORMAT:match("latex") then quarto.doc.use_latex_package("multirow") end

local is_docx, is_jats = FORMAT:match("docx") ~= nil, FORMAT:match("jats") ~= nil
local NAMES = {fig = "Figure", tbl = "Table"}
local prefix = ""

-- A supplement's figures and tables are S1, S2, …: Quarto has no setting for a letter before the
-- number without a space between.
local function lettered(document)
  local given = document.meta["float-prefix"]
  if not given then return nil end
  prefix = pandoc.utils.stringify(given)
  if FORMAT:match("typst") then
    -- A function, as Typst leaves the letter of a pattern out of references.
    document.blocks:insert(1, pandoc.RawBlock("typst",
      '#set figure(numbering: (..n) => "' .. prefix .. '" + numbering("1", ..n))'))
    return document
  end
  local crossref = _G.crossref
  for kind, name in pairs(NAMES) do
    crossref.categories.by_ref_type[kind].space_before_numbering = false
    for _, option in ipairs({"title", "prefix"}) do
      crossref.options[kind .. "-" .. option] = pandoc.Inlines({
        pandoc.Str(name .. "\u{a0}" .. prefix)})
    end
  end
end

local letters = {Pandoc = lettered}
if not is_docx and not is_jats then return {letters} end

-- "Table 1. " before the caption; Quarto's number of the float.
local function numbered(float)
  local kind = float.identifier:match("^(%a+)%-")
  local caption = quarto.utils.as_inlines(float.caption_long or {}) or pandoc.Inlines({})
  if not NAMES[kind] or not float.order then return caption end
  local number = prefix .. float.order.order .. "."
  local label = pandoc.Strong({pandoc.Str(NAMES[kind] .. "\u{a0}" .. number)})
  return pandoc.Inlines({label, pandoc.Space()}) .. caption
end

-- Word and JATS take an image's alternative text from its caption.
local function described(image)
  local words = image.attributes["fig-alt"] or image.attributes["alt"]
  if words then image.caption = pandoc.Inlines({pandoc.Str(words)}) end
  image.attributes["fig-alt"] = nil
  return image
end

local function rendered(float)
  local caption = numbered(float)
  local blocks = quarto.utils.as_blocks(float.content or {})
  local tables = 0
  blocks = blocks:walk({Table = function(each)
    tables = tables + 1
    if tables > 1 then return nil end
    each.caption = pandoc.Caption({pandoc.Plain(caption)})
    if is_jats then each.identifier = float.identifier end
    return each
  end})
  if tables > 0 then
    if is_jats then return blocks end
    return pandoc.Div(blocks, {id = float.identifier})
  end
  local pictures = pandoc.Blocks({})
  blocks:walk({Image = function(each) pictures:insert(pandoc.Plain({described(each)})) end})
  if #pictures == 0 then pictures = blocks end
  return pandoc.Figure(pictures, {long = {pandoc.Plain(caption)}}, {id = float.identifier})
end

nodes.add_renderer("FloatRefTarget", function(float)
  return float.parent_id == nil and not float.has_subfloats
end, rendered)
-- Quarto's callout is a table with a picture in Word; here it is a quotation, as in the preview.
nodes.add_renderer("Callout", function() return is_docx end, function(callout)
  local title = quarto.utils.as_inlines(callout.title or {}) or pandoc.Inlines({})
  if #title == 0 then
    title = pandoc.Inlines({pandoc.Str((callout.type:gsub("^%l", string.upper)))})
  end
  local blocks = pandoc.Blocks({pandoc.Para({pandoc.Strong(title)})})
  blocks:extend(quarto.utils.as_blocks(callout.content or {}))
  return pandoc.BlockQuote(blocks)
end)
return {letters}
