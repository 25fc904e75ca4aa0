package main

import (
	"compress/gzip"
	"hash/crc32"
	"html/template"
	"net/http"
	"strconv"
	"strings"
	"sync"
)

type article struct {
	ID       int
	Title    string
	Tags     []string
	Comments []comment
}

type comment struct{ Author, Text string }

var page = template.Must(template.New("article").Funcs(template.FuncMap{"upper": strings.ToUpper}).Parse(`<!DOCTYPE html>
<html><head><title>{{.Title}}</title></head><body>
<h1 data-id="{{.ID}}">{{.Title | upper}}</h1>
<ul>{{range .Tags}}<li><a href="/tags/{{.}}">{{.}}</a></li>{{end}}</ul>
{{with .Comments}}<h2>{{len .}} comments</h2>{{range $i, $c := .}}<p id="c{{$i}}"><b>{{$c.Author}}</b>: {{$c.Text}}</p>
{{end}}{{else}}<p>No comments.</p>{{end}}</body></html>
`))

var site = compressed(routes())

func routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /articles/{id}", func(answer http.ResponseWriter, request *http.Request) {
		id, err := strconv.Atoi(request.PathValue("id"))
		if err != nil {
			http.Error(answer, "the id of an article is a number", http.StatusBadRequest)
			return
		}
		answer.Header().Set("Content-Type", "text/html; charset=utf-8")
		if err := page.Execute(answer, find(id)); err != nil {
			http.Error(answer, err.Error(), http.StatusInternalServerError)
		}
	})
	mux.HandleFunc("GET /tags/{tag}", func(answer http.ResponseWriter, request *http.Request) {
		http.Redirect(answer, request, "/articles/"+strconv.Itoa(len(request.PathValue("tag"))), http.StatusFound)
	})
	mux.HandleFunc("POST /articles", func(answer http.ResponseWriter, _ *http.Request) { answer.WriteHeader(http.StatusCreated) })
	return mux
}

var writers = sync.Pool{New: func() any { return gzip.NewWriter(nil) }}

// compressed sends bodies as gzip to whoever accepts that.
func compressed(next http.Handler) http.Handler {
	return http.HandlerFunc(func(answer http.ResponseWriter, request *http.Request) {
		if !strings.Contains(request.Header.Get("Accept-Encoding"), "gzip") {
			next.ServeHTTP(answer, request)
			return
		}
		answer.Header().Set("Content-Encoding", "gzip")
		answer.Header().Add("Vary", "Accept-Encoding")
		body := writers.Get().(*gzip.Writer)
		defer writers.Put(body)
		body.Reset(answer)
		next.ServeHTTP(&zipped{answer, body}, request)
		body.Close()
	})
}

type zipped struct {
	http.ResponseWriter
	body *gzip.Writer
}

func (z *zipped) Write(bytes []byte) (int, error) { return z.body.Write(bytes) }

func find(id int) article {
	found := article{ID: id, Title: "Article <" + strconv.Itoa(id) + "> & more", Tags: []string{"go", "wasm", "a \"tag\""}}
	for i := range id % 12 {
		found.Comments = append(found.Comments, comment{
			Author: "reader" + strconv.Itoa(i),
			Text:   strings.Repeat("It's <b>bold</b> & number "+strconv.Itoa(i*id)+". ", 1+i%4),
		})
	}
	return found
}

// recorder keeps what a handler answers.
type recorder struct {
	header http.Header
	status int
	body   []byte
}

func (r *recorder) Header() http.Header { return r.header }

func (r *recorder) WriteHeader(status int) {
	if r.status == 0 {
		r.status = status
	}
}

func (r *recorder) Write(bytes []byte) (int, error) {
	r.WriteHeader(http.StatusOK)
	r.body = append(r.body, bytes...)
	return len(bytes), nil
}

// httpHandler answers n requests and returns a checksum of statuses and bodies: routing, templates with escapes, compression.
//
//go:wasmexport httpHandler
func httpHandler(n int32) int64 {
	sum := uint32(0)
	for i := range n {
		path := "http://site.example/articles/" + strconv.Itoa(int(i))
		switch i % 16 {
		case 5:
			path = "http://site.example/tags/wasm"
		case 9:
			path = "http://site.example/articles/none"
		case 13:
			path = "http://site.example/nowhere"
		}
		request, err := http.NewRequest(http.MethodGet, path, nil)
		if err != nil {
			return -1
		}
		request.Header.Set("Accept-Encoding", "gzip, deflate")
		answer := &recorder{header: http.Header{}}
		site.ServeHTTP(answer, request)
		sum = crc32.Update(sum, crc32.IEEETable, answer.body) + uint32(answer.status)
	}
	return int64(sum)
}
