-- After all other filters: the document as the Word writer takes it, as JSON beside the file that
-- is written.
function Pandoc(document)
  local file = assert(io.open(PANDOC_STATE.output_file .. ".json", "w"))
  file:write(pandoc.write(document, "json"))
  file:close()
end
