-- Authors below the title, the same in html, Word and PDF, whose own title blocks leave out
-- departments, ORCID, e-mail or all but the names. `byline` of report/_metadata.yml
-- (analysis/reporting/rendering/title_block.py) is Markdown; a document without it stays as it is.
-- What the formats' title blocks would print of the authors.
local TAKEN = {"author", "authors", "by-author", "by-affiliation"}

local function paragraphs(list, style)
  local found = pandoc.Blocks({})
  for _, each in ipairs(list or {}) do
    local inlines = pandoc.utils.type(each) == "Blocks" and pandoc.utils.blocks_to_inlines(each)
      or pandoc.Inlines(each)
    found:insert(pandoc.Div({pandoc.Para(inlines)}, {class = "byline", ["custom-style"] = style}))
  end
  return found
end

local function keywords(byline)
  if not byline.keywords then return pandoc.Blocks({}) end
  local words = pandoc.Inlines({pandoc.Strong({pandoc.Str("Keywords:")}), pandoc.Space()})
    .. pandoc.Inlines(byline.keywords)
  return paragraphs({words}, "Author")
end

function Pandoc(document)
  local byline = document.meta.byline
  -- JATS has elements of its own for all of it.
  if not byline or FORMAT:match("jats") then return nil end
  local blocks = byline.names and paragraphs({byline.names}, "Author") or pandoc.Blocks({})
  blocks:extend(paragraphs(byline.affiliations, "Author"))
  blocks:extend(paragraphs(byline.notes, "Author"))
  blocks:extend(keywords(byline))
  for _, name in ipairs(byline.names and TAKEN or {}) do document.meta[name] = nil end
  document.meta["author-meta"] = byline.authors -- <meta name="author">
  if FORMAT == "typst" or FORMAT:match("html") then
    -- Printed above; Typst's template would write them into a string, where the writer's escapes
    -- don't hold.
    document.meta.keywords = nil
  end
  document.blocks = blocks .. document.blocks
  return document
end
