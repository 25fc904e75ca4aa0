# The server as a small image without a shell, run by an ordinary user.
#   docker build -t pluginhost .
#   docker run -p 8080:8080 -v pluginhost-data:/data pluginhost      # shows its first key, once
ARG BUILD_IMAGE=mcr.microsoft.com/dotnet/sdk:10.0
ARG RUNTIME_IMAGE=mcr.microsoft.com/dotnet/aspnet:10.0-noble-chiseled

FROM ${BUILD_IMAGE} AS build
WORKDIR /source
COPY .editorconfig ./
COPY src/ src/
COPY plugins/calc/calc.wasm plugins/calc/
# Compiled ahead of time, because a fresh process must answer its first call quickly. The lock files are written for every
# platform and so know nothing of one runtime identifier's compiler package.
RUN dotnet publish src/PluginHost.Api --configuration Release --runtime linux-x64 --no-self-contained \
      -p:PublishReadyToRun=true -p:RestoreLockedMode=false -p:DebugType=none -p:PublishDocumentationFiles=false \
      -p:PublishReferencesDocumentationFiles=false --output /app \
 && mkdir /data

FROM ${RUNTIME_IMAGE}
WORKDIR /app
COPY --from=build /app/ ./
# A new volume takes over the owner of the folder it covers.
COPY --from=build --chown=1654:1654 /data/ /data/
ENV ASPNETCORE_URLS=http://0.0.0.0:8080 \
    PluginHost__DataDirectory=/data \
    DOTNET_RUNNING_IN_CONTAINER=true \
    DOTNET_EnableDiagnostics=0
USER 1654:1654
VOLUME /data
EXPOSE 8080
STOPSIGNAL SIGTERM
# The image has no curl and no shell: the server asks itself.
HEALTHCHECK --interval=30s --timeout=5s --start-period=10s --retries=3 CMD ["dotnet", "PluginHost.Api.dll", "healthcheck"]
ENTRYPOINT ["dotnet", "PluginHost.Api.dll"]
