-- What comes from data is shown as text: a patient called <script> is that word on the page. Runs
-- before all other filters, so that raw content is whatever stood in a document or in a table's
-- cell; of it, the project's own blocks of html are let through.

-- Parts of the page that its scripts make from the data within them.
local INTERACTIVE = {
  ["nomogram-calculator"] = true,
  ["threshold-explorer"] = true,
  ["patient-explorer"] = true,
}

local function own(text)
  return text:match('^<style>[^<]*</style>%s*$')
    or INTERACTIVE[text:match('^<section class="([%a-]+)"[^<>]*><strong>[^<>]*</strong>[^<>]*'
      .. '<script type="application/json">[^<>]*</script></section>%s*$') or ""]
end

local function plain(text)
  return pandoc.Str((text:gsub("%s+", " ")))
end

-- A comment of the author's is not for the reader.
local function comment(raw)
  return raw.format == "html" and raw.text:match("^%s*<!%-%-.*%-%->%s*$")
    and not raw.text:match("%-%->.*%-%->")
end

local function raw_inline(raw)
  return comment(raw) and {} or plain(raw.text)
end

local function raw_block(raw)
  if comment(raw) then return {} end
  if raw.format == "html" and own(raw.text) then return nil end
  return pandoc.Plain({plain(raw.text)})
end

-- Addresses that run something (whatever stands before a colon and is none of these), or that a
-- page would fetch while it is rendered. Pictures of the documents lie beside them.
local SAFE_LINK = {http = true, https = true, mailto = true, doi = true, ftp = true}

local function scheme(address)
  return (address:gsub("[%c%s]", "")):lower():match("^([^/?#]*):")
end

local function link(each)
  local kind = scheme(each.target)
  if kind and not SAFE_LINK[kind] then return each.content end
end

local function image(each)
  if scheme(each.src) or each.src:match("^//") then
    local inlines = pandoc.Inlines({pandoc.Str("![")}) .. each.caption
    inlines:insert(plain("](" .. each.src .. ")"))
    return inlines
  end
end

-- Attributes that run something.
local function quiet(each)
  local found = false
  for name in pairs(each.attributes) do
    local low = name:lower()
    if low:match("^on") or low == "style" or low == "srcdoc" or low == "formaction" then
      each.attributes[name] = nil
      found = true
    end
  end
  if found then return each end
end

local STEPS = {
  {RawInline = raw_inline, RawBlock = raw_block, Link = link, Image = image},
  {Span = quiet, Div = quiet, Code = quiet, CodeBlock = quiet, Header = quiet, Link = quiet,
    Image = quiet},
}

local function as_text(content)
  for _, step in ipairs(STEPS) do content = content:walk(step) end
  return content
end

-- Raw content that Quarto puts into the document before filters run: its styles, scripts and
-- settings.
local OF_THE_PAGE = {["header-includes"] = true, ["include-before"] = true,
  ["include-after"] = true}

local function metadata(value)
  local kind = pandoc.utils.type(value)
  if kind == "Inlines" or kind == "Blocks" then return as_text(value) end
  if kind == "List" or kind == "table" then
    for name, each in pairs(value) do value[name] = metadata(each) end
  end
  return value
end

function Pandoc(document)
  document.blocks = as_text(document.blocks)
  for name, value in pairs(document.meta) do
    if not OF_THE_PAGE[name] then document.meta[name] = metadata(value) end
  end
  return document
end
