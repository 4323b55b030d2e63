-- Numbers figures and tables, resolves @fig- and @tbl- references, and lays out callouts.
local names = {fig = "Figure", tbl = "Table"}
local counts = {fig = 0, tbl = 0}
local numbers = {}

local function kind_of(identifier)
  local kind = identifier:match("^(%a+)%-")
  return names[kind] and kind or nil
end

local function number(identifier)
  local kind = kind_of(identifier)
  if kind and not numbers[identifier] then
    counts[kind] = counts[kind] + 1
    numbers[identifier] = names[kind] .. " " .. counts[kind]
  end
  return numbers[identifier]
end

local function prefix(caption, text)
  local first = caption.long[1]
  if first and first.content then
    first.content:insert(1, pandoc.Strong({pandoc.Str(text .. ".")}))
    first.content:insert(2, pandoc.Space())
  end
  return caption
end

local function numbered_blocks(document)
  return document:walk({
    traverse = "topdown",
    Figure = function(figure)
      local text = kind_of(figure.identifier) and number(figure.identifier)
      if text then
        figure.caption = prefix(figure.caption, text)
        return figure, false
      end
    end,
    Div = function(div)
      local text = kind_of(div.identifier) == "tbl" and number(div.identifier)
      if text then
        div.classes:insert("table-block")
        return div:walk({Table = function(each) each.caption = prefix(each.caption, text); return each end}), false
      end
    end,
  })
end

local function references(cite)
  local parts = {}
  for _, citation in ipairs(cite.citations) do
    local text = numbers[citation.id]
    if text then
      if #parts > 0 then table.insert(parts, pandoc.Str(", ")) end
      table.insert(parts, pandoc.Link({pandoc.Str((text:gsub(" ", "\u{a0}")))}, "#" .. citation.id))
    end
  end
  if #parts > 0 then return parts end
end

local function callout(div)
  for _, class in ipairs(div.classes) do
    local kind = class:match("^callout%-(%a+)$")
    if kind then
      local title = div.attributes["title"] or (kind:sub(1, 1):upper() .. kind:sub(2))
      local first = div.content[1]
      if first and first.t == "Header" then
        title = pandoc.utils.stringify(first)
        div.content:remove(1)
      end
      if FORMAT:match("html") then
        div.content:insert(1, pandoc.Div({pandoc.Para({pandoc.Strong({pandoc.Str(title)})})}, {class = "callout-title"}))
        return pandoc.Div(div.content, {class = "callout " .. class})
      end
      div.content:insert(1, pandoc.Para({pandoc.Strong({pandoc.Str(title)})}))
      return pandoc.BlockQuote(div.content)
    end
  end
end

function Pandoc(document)
  return numbered_blocks(document):walk({Cite = references, Div = callout})
end
