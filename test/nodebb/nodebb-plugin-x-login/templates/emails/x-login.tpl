<pre style="font-family: inherit; white-space: pre-wrap;">{text}</pre>
