-- Before results.lua, which takes the mark off a number on paper: the mark, with its key, gets a
-- name that results.lua leaves alone.
function Span(span)
  if span.classes:includes("result") and not span.classes:includes("made-by") then
    span.classes = {"bound"}
    return span
  end
  -- Words that state a setting are compared as words.
  if span.classes:includes("stated") then
    return span.content
  end
end
