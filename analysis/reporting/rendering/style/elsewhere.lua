-- A reference to a figure or table of the other document (article or supplement) takes its number
-- from the metadata, and on the web leads there. Runs before references within the document are
-- resolved, for Quarto and for the preview alike.
local is_html = FORMAT:match("html") ~= nil

-- Labels that the document has itself. Quarto keeps figures and tables as nodes of its own here,
-- but knows which document it renders.
local function own_labels(document, known)
  local found = {}
  local function note(each)
    if each.identifier ~= "" then found[each.identifier] = true end
  end
  document:walk({Div = note, Figure = note, Table = note, Image = note, Span = note,
    CodeBlock = note})
  if quarto then
    local stem = pandoc.path.filename(quarto.doc.input_file):match("^[^.]*")
    for label, place in pairs(known) do
      if pandoc.utils.stringify(place.document) == stem then found[label] = true end
    end
  end
  return found
end

local function words(inlines)
  return pandoc.Inlines(pandoc.utils.stringify(inlines))
end

function Pandoc(document)
  local known = document.meta.elsewhere
  if not known then return nil end
  local own = own_labels(document, known)
  local function other(citation)
    return not own[citation.id] and known[citation.id] or nil
  end
  return document:walk({Cite = function(cite)
    if not cite.citations:find_if(other) then return nil end
    local parts = pandoc.Inlines({})
    for _, citation in ipairs(cite.citations) do
      if #parts > 0 then parts:extend({pandoc.Str(","), pandoc.Space()}) end
      local found = other(citation)
      if not found then
        parts:insert(pandoc.Cite({pandoc.Str("@" .. citation.id)}, {citation}))
      elseif is_html then
        local address = pandoc.utils.stringify(found.document) .. ".html#" .. citation.id
        parts:insert(pandoc.Link(words(found.words), address, "", {class = "quarto-xref"}))
      else
        parts:extend(words(found.words))
      end
    end
    return parts
  end})
end
